/* Windows: tells the core who asks, since this program is its parent. */
#ifndef KUBECTL_VOUCH_CALLER_H
#define KUBECTL_VOUCH_CALLER_H

/* Sets the variable that token/hot/caller.ts reads. */
void hand_on_caller(void);

#endif
