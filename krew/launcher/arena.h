/* Memory for one short run: taken from one piece, never given back. */
#ifndef KUBECTL_VOUCH_ARENA_H
#define KUBECTL_VOUCH_ARENA_H

#include "quickjs.h"

/* What QuickJS allocates with. Where the piece is used up it gives NULL, which ends as "the core's job". */
extern const JSMallocFunctions ARENA;

#endif
