/* Memory for one short run: taken from one piece, and never returned. */
#ifndef KUBECTL_VOUCH_ARENA_H
#define KUBECTL_VOUCH_ARENA_H

#include "quickjs.h"

/* QuickJS's allocator. If the piece is used up, it returns NULL, which ends as "the core's job". */
extern const JSMallocFunctions ARENA;

/*
 * Requests the pages of a warm answer from the kernel in one call: a fault for each page would cost a tenth of the whole answer.
 */
void fetch_warm_pages(void);

#endif
