import { known } from "../evidence.ts";
import { targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { EVIDENCE_COMMANDS, type EvidencePart } from "../schema/evidence-commands.ts";

/** A piece of evidence to fetch, and the command that gives it. */
export interface NextEvidence {
  readonly part: string;
  readonly command: string;
}

/**
 * What to fetch next when nothing explains a failure: the decisive and cheap first.
 *
 * Source: eks-auth, C11.
 */
const IN_ORDER: readonly EvidencePart[] = [
  "kubeconfig",
  "pluginRun",
  "callerIdentity",
  "token",
  "tokenNames",
  "network",
  "apiServer",
  "question",
  "selfSubjectReview",
  "cluster",
  "accessEntries",
  "accessEntryDetails",
  "role",
  "associatedPolicies",
  "awsAuth",
  "accessReviews",
  "rbac",
];

/** At most this many are named: one step at a time. */
const AT_MOST = 3;

/** What nobody gets an answer to who is not let in. */
const INSIDE: ReadonlySet<EvidencePart> = new Set(["selfSubjectReview", "accessReviews", "rbac"]);

/** The next pieces, of those nobody has; a part that failed is asked for again, by somebody who may. */
export function nextEvidence(facts: Facts): NextEvidence[] {
  const { evidence, symptom } = facts;
  return IN_ORDER.filter((part) => known(evidence[part]) === undefined)
    .filter((part) => symptom?.kind !== "unauthorized" || !INSIDE.has(part))
    .slice(0, AT_MOST)
    .map((part) => ({ part, command: withNames(EVIDENCE_COMMANDS[part], facts) }));
}

/** The command with the names that are known. */
function withNames(command: string, facts: Facts): string {
  const { cluster, region } = targetOf(facts);
  const { principal, attempt } = facts;
  const names: Readonly<Record<string, string | undefined>> = {
    CLUSTER: cluster,
    REGION: region,
    ROLE_ARN: principal?.canonicalArn,
    ROLE: principal?.name,
    VERB: attempt?.verb,
    RESOURCE: attempt?.resource,
    NAMESPACE: attempt?.namespace,
    ENDPOINT: facts.cluster?.endpoint?.replace("https://", ""),
  };
  return command.replaceAll(/\b[A-Z_]{4,}\b/g, (name) => names[name] ?? name);
}
