/* Memory for one short run: taken from one piece, never given back. */
#ifndef KUBECTL_VOUCH_ARENA_H
#define KUBECTL_VOUCH_ARENA_H

#include "quickjs.h"

/* What QuickJS allocates with. Where the piece is used up it gives NULL, which ends as "the core's job". */
extern const JSMallocFunctions ARENA;

/* Asks the kernel for the pages of a warm answer in one call: one fault for each costs a tenth of the whole answer. */
void fetch_warm_pages(void);

#endif
