import type { CauseId } from "../check/cause-ids.ts";
import type { Diagnosis } from "../check/diagnose.ts";
import { STAGES, type Stage } from "../check/stages.ts";
import { grantOfOther } from "../derive/authorization/authorization.ts";
import { surelyAsksApiServer } from "../derive/client/api-call.ts";
import type { Facts } from "../derive/facts.ts";
import { knownValue } from "../evidence/evidence.ts";
import type { EvidencePart } from "../evidence/parts.ts";

/** The state of one link of the chain: `proved` to hold, `broken`, or `unseen`. */
interface Link {
  readonly stage: Stage;
  readonly state: "proved" | "broken" | "unseen";
  /** Checks of the link that apply to this case, and how many of them had their evidence. */
  readonly checks: number;
  readonly looked: number;
  /** The causes found here. */
  readonly causes: readonly CauseId[];
  /** Parts of the evidence that its undecided checks need. */
  readonly missing: readonly EvidencePart[];
}

/** The links of every call, in order; the client is not one of them. */
const LINKS = STAGES.filter((stage) => stage !== "client");

/**
 * How far the call gets. A link is broken if it has a cause; if no cause was found, the link that refused is broken. If the
 * cluster accepts the caller, every earlier link is proved.
 */
export function chainOf({ rootCauses, outcomes }: Diagnosis, facts: Facts): readonly Link[] {
  const causes = rootCauses.map(({ stage }) => stage);
  const broken = new Set<Stage>(causes.length > 0 ? causes : refusing(facts));
  const isAccepted = !facts.isOtherPrincipal && isProved("mapping", facts);
  const stateOf = (stage: LinkName, index: number) => {
    if (broken.has(stage)) return "broken";
    const isBefore = isAccepted && index < LINKS.indexOf("mapping");
    return isBefore || isProved(stage, facts) ? "proved" : "unseen";
  };
  return LINKS.map((stage, index) => {
    const own = outcomes.filter(({ rule, status }) => rule.stage === stage && status !== "notApplicable");
    return {
      stage,
      state: stateOf(stage, index),
      checks: own.length,
      looked: own.filter(({ status }) => status === "passed" || status === "found").length,
      causes: rootCauses.filter((cause) => cause.stage === stage).map(({ cause }) => cause),
      missing: own.flatMap((outcome) => (outcome.status === "unknown" ? outcome.missing : [])),
    };
  });
}

type LinkName = Exclude<Stage, "client">;

/** For another user's call, it can only be seen how the cluster is configured, and whether that lets them in. */
function isProved(stage: LinkName, facts: Facts): boolean {
  if (!facts.isOtherPrincipal || stage === "mode") return PROOFS[stage](facts);
  return (stage === "mapping" || stage === "authorization") && grantOfOther(facts) !== undefined;
}

/** The caller's name without credentials: the request left the client without any, so no link is known to hold. */
const ANONYMOUS = "system:anonymous";

/** What shows that a link holds for this caller. */
const PROOFS: Readonly<Record<LinkName, (facts: Facts) => boolean>> = {
  kubeconfig: ({ context }) => context !== undefined,
  plugin: ({ pluginRun }) => pluginRun?.credential?.hasToken === true,
  credentials: isKnownToAws,
  trust: isKnownToAws,
  token: ({ evidence, cluster, targetCluster }) => {
    const name = cluster?.name ?? targetCluster.name;
    const tests = knownValue(evidence.tokenNames);
    return tests?.some((test) => test.accepted && test.name === name) === true;
  },
  network: ({ evidence }) => knownValue(evidence.apiServer)?.isKubernetes === true,
  mode: ({ authenticationMode }) => authenticationMode !== undefined,
  mapping: (facts) =>
    isLetIn(facts) ||
    (facts.symptom?.kind === "forbidden" && facts.symptom.user !== ANONYMOUS) ||
    (knownValue(facts.evidence.selfSubjectReview)?.status.userInfo.username ?? ANONYMOUS) !== ANONYMOUS,
  // A call that was made proves itself; the doctor's own call proves only what it asked about.
  authorization: (facts) =>
    isLetIn(facts) &&
    facts.symptom?.kind === "none" &&
    (!facts.symptom.isProbed || facts.attempt !== undefined),
};

/** Whether the cluster let a call in; a command that does not call the cluster does not count. */
function isLetIn({ symptom, question }: Facts): boolean {
  if (symptom?.kind !== "none") return false;
  return symptom.isProbed || surelyAsksApiServer(question?.command ?? "");
}

function isKnownToAws({ evidence }: Facts): boolean {
  return knownValue(evidence.callerIdentity) !== undefined;
}

/**
 * The link that refused, according to the refusal itself. A 401 may also be due to the token, unless that is proved to be good.
 */
function refusing(facts: Facts): readonly Stage[] {
  const { symptom, isOtherPrincipal } = facts;
  if (isOtherPrincipal) return [];
  if (symptom?.kind === "forbidden") return symptom.user === ANONYMOUS ? [] : ["authorization"];
  return symptom?.kind === "unauthorized" && PROOFS.token(facts) ? ["mapping"] : [];
}
