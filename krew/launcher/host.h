/* What token/hot/host.ts requires. */
#ifndef KUBECTL_VOUCH_HOST_H
#define KUBECTL_VOUCH_HOST_H

#include <stdbool.h>

#include "quickjs.h"

/* The global `host`. Throws, which means "the core's job", also if an argument or variable is not UTF-8. */
JSValue new_host(JSContext *ctx, int argc, char **argv);

/* Whether the whole answer went to standard output. */
bool has_printed(void);

#endif
