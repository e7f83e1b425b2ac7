/* The way to vouch-core: everything that is not the warm answer. */
#ifndef KUBECTL_VOUCH_CORE_H
#define KUBECTL_VOUCH_CORE_H

/*
 * Becomes the core that lies beside this program's own file, with the same words, its own name as it was typed, and the
 * environment without what could turn the core. Returns only when that failed, having said so: the exit status.
 */
int become_core(char **argv, char **environment);

#endif
