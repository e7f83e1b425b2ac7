import type { CauseId } from "../catalogue/rows.ts";
import type { Diagnosis } from "../check/diagnose.ts";
import type { Facts } from "../derive/facts.ts";
import { FORBIDDEN } from "./forbidden.ts";
import { NODES_REFUSED } from "./nodes.ts";
import type { SuspectedCause, Suspicion } from "./suspected-cause.ts";
import { UNAUTHORIZED } from "./unauthorized.ts";
import { UNREACHABLE } from "./unreachable.ts";

/** A suspicion, with the rows it may be. */
export interface NamedSuspicion extends Suspicion {
  readonly causes: readonly CauseId[];
}

/** At most this many are named. */
const AT_MOST = 5;

/**
 * What a refusal may come from that no rule explains, or only as *possible*; what something points at first. A cause is
 * named once at most, and only where its rule could not decide. Pure.
 */
export function rankSuspicions({ healthy, rootCauses, outcomes }: Diagnosis, facts: Facts): NamedSuspicion[] {
  if (healthy || rootCauses.some(({ confidence }) => confidence !== "possible")) return [];
  const undecided = new Set(
    outcomes.flatMap(({ rule, status }) => (status === "unknown" ? rule.causes : [])),
  );
  for (const { cause } of rootCauses) undecided.delete(cause);
  const found = listFor(facts).flatMap(({ causes, suspicion }): NamedSuspicion[] => {
    const open = causes.filter((cause) => undecided.has(cause));
    const fit = open.length === 0 ? undefined : suspicion(facts);
    if (fit === undefined) return [];
    for (const cause of open) undecided.delete(cause);
    return [{ ...fit, causes: open }];
  });
  return [...found.filter(({ hinted }) => hinted), ...found.filter(({ hinted }) => !hinted)].slice(
    0,
    AT_MOST,
  );
}

function listFor({ symptom, isAboutNodes }: Facts): readonly SuspectedCause[] {
  if (isAboutNodes) return NODES_REFUSED;
  switch (symptom?.kind) {
    case "unauthorized":
      return UNAUTHORIZED;
    case "forbidden":
      return FORBIDDEN;
    case "unreachable":
      return UNREACHABLE;
    default:
      return [];
  }
}
