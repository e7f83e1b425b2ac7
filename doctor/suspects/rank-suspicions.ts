import type { CauseId } from "../catalogue/rows.ts";
import type { Diagnosis } from "../check/diagnose.ts";
import type { Facts } from "../derive/facts.ts";
import { FORBIDDEN } from "./forbidden.ts";
import { NODES_REFUSED } from "./nodes.ts";
import type { SuspectedCause, Suspicion } from "./suspected-cause.ts";
import { UNAUTHORIZED } from "./unauthorized.ts";
import { UNREACHABLE } from "./unreachable.ts";

/** A suspicion, and the rows of the catalogue that it may be. */
export interface NamedSuspicion extends Suspicion {
  readonly causes: readonly CauseId[];
}

/** How many are named at most. */
const AT_MOST = 5;

/**
 * Possible causes of a refusal that no rule explains, or only as *possible*; those with hints come first. A cause is named at
 * most once, and only if its rule could not decide. Pure.
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
