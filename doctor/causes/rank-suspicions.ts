import type { CauseId } from "../check/cause-ids.ts";
import type { Diagnosis } from "../check/diagnose.ts";
import type { Refusal, Suspected, Suspicion } from "../check/rule.ts";
import type { Outcome } from "../check/run-rule.ts";
import type { Facts } from "../derive/facts.ts";
import { RULES } from "./index.ts";

/**
 * The causes whose rules describe a suspicion, the most common first. Source: doctor/EKS-ACCESS.md, "Reports".
 */
const RANKING: Readonly<Record<Refusal, readonly CauseId[]>> = {
  unauthorized: [
    "R9",
    "T4",
    "K10",
    "T11",
    "T1",
    "E1",
    "T5",
    "A2",
    "E3",
    "E4",
    "L4",
    "K7",
    "L5",
    "L7",
    "L12",
    "S8",
  ],
  forbidden: [
    "T4",
    "L8",
    "R5",
    "A11",
    "A6",
    "R8",
    "T2",
    "P13",
    "P4",
    "P5",
    "P3",
    "R1",
    "E5",
    "P1",
    "R7",
    "A8",
    "R3",
    "L4",
  ],
  unreachable: ["S8", "N1", "N7", "N9", "N12", "N8", "N2", "N4", "N3", "N5", "N6", "N13"],
  credentials: ["L2", "L1", "S1", "K17"],
  nodes: ["E14", "A10", "N14"],
};

/** A suspicion, and the causes that it may be. */
export interface NamedSuspicion extends Required<Suspicion> {
  readonly causes: readonly CauseId[];
}

/** How many are listed at most. */
const AT_MOST = 6;

/**
 * Possible causes of a refusal that no rule explains, or only as *possible*; those with hints come first. A cause is listed at
 * most once, and only if its rule could not decide. Pure.
 */
export function rankSuspicions({ healthy, rootCauses, outcomes }: Diagnosis, facts: Facts): NamedSuspicion[] {
  if (healthy || rootCauses.some(({ confidence }) => confidence !== "possible")) return [];
  const undecided = new Set(
    outcomes.flatMap(({ rule, status }) => (isOpen(status, facts) ? rule.causes : [])),
  );
  for (const { cause } of rootCauses) undecided.delete(cause);
  const found = suspectedIn(facts).flatMap(({ causes, suspicion }): NamedSuspicion[] => {
    const open = causes.filter((cause) => undecided.has(cause));
    const fit = open.length === 0 ? undefined : suspicion(facts);
    if (fit === undefined) return [];
    for (const cause of open) undecided.delete(cause);
    const { hints = [] } = fit;
    return [{ hinted: hints.length > 0, ...fit, hints, causes: open }];
  });
  return [...found.filter(({ hinted }) => hinted), ...found.filter(({ hinted }) => !hinted)].slice(
    0,
    AT_MOST,
  );
}

/**
 * Whether a rule left its cause open: where nothing is known of the client, also if it does not apply, or did not find its words
 * in an error that lacks those of the plugin.
 */
function isOpen(status: Outcome["status"], facts: Facts): boolean {
  const { evidence } = facts;
  const isBare = evidence.kubeconfig === undefined && evidence.callerIdentity === undefined;
  if (status === "unknown" || !isBare) return status === "unknown";
  return status === "notApplicable" || (status === "passed" && refusalIn(facts) === "credentials");
}

function refusalIn({ symptom, isAboutNodes }: Facts): Refusal | undefined {
  if (isAboutNodes) return "nodes";
  const kind = symptom?.kind;
  if (kind === "plugin-failed" || kind === "aws-refused") return "credentials";
  return kind === "unauthorized" || kind === "forbidden" || kind === "unreachable" ? kind : undefined;
}

function suspectedIn(facts: Facts): readonly Suspected[] {
  const refusal = refusalIn(facts);
  if (refusal === undefined) return [];
  return RANKING[refusal].flatMap((id) =>
    RULES.flatMap(({ causes: [main], suspected }) =>
      main === id ? [suspected?.[refusal] ?? []].flat() : [],
    ),
  );
}
