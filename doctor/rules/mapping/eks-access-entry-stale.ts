import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { awsDate } from "../../derive/aws-date.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { recreateEntry } from "../../fixes/recreate-entry.ts";

/**
 * The entry was made for a principal of the same name that has been deleted since: EKS keeps unique ids, and the new
 * principal has another. Seen by dates; where those are not known, what is left when nothing else explains a 401.
 */
export const eksAccessEntryStale = defineRule({
  code: "eks-access-entry-stale",
  stage: "mapping",
  causes: ["E3"],
  expects: "the caller's role is the one that its access entry was made for",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal, mode } = facts;
    const { entry } = mapping;
    if (entry === undefined || mode === "CONFIG_MAP") return [];
    const shown = staleness(facts, entry);
    if (shown === undefined) return [];
    const { cluster } = commandTarget(facts);
    return [
      {
        cause: "E3",
        stage: "mapping",
        severity: "error",
        confidence: shown.confidence,
        summary:
          shown.inferred === true
            ? `The access entry of ${entry.principalArn} looks right and does not match: the ${principal.kind} was probably deleted and made anew after the entry.`
            : `The access entry of ${entry.principalArn} in ${cluster} is older than the role: it was made for a role of the same name that is gone.`,
        evidence: shown.evidence,
        falsifiedBy: sentence`${aws(`iam get-${principal.kind}`, { [`${principal.kind}-name`]: principal.name })} shows a CreateDate before the entry's createdAt.`,
        fixes: [
          {
            audience: "cluster-admin",
            description: "Delete the entry, and make it anew with the same rights.",
            actions: recreateEntry({
              evidence: facts.evidence,
              target: commandTarget(facts),
              entry,
              principalArn: principalArn(facts, principal),
            }),
          },
        ],
        ...(shown.inferred === true ? { inferred: true } : {}),
        explains: ["E1", "A1"],
      },
    ];
  },
});

interface Shown {
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly inferred?: true;
}

function staleness(facts: Facts, entry: AccessEntryJson): Shown | undefined {
  const { mapping, symptom, evidence } = facts;
  const role = knownValue(evidence.role)?.Role;
  const confidence = sureness(facts);
  if (confidence === undefined || mapping?.entryIsStale === false) return undefined;
  if (mapping?.entryIsStale === true) {
    const dates = `The role was made ${iso(role?.CreateDate)}, its entry ${iso(entry.createdAt)}.`;
    return { confidence, evidence: [dates, "Matching is by the role's unique id, which changed."] };
  }
  const moved = mapping?.nearMisses.find(
    ({ differs, principalArn: arn }) => differs === "path" && arn === entry.principalArn,
  );
  if (moved !== undefined && role !== undefined) {
    const paths = `The entry is for ${entry.principalArn}, and the role of that name is ${role.Arn} today.`;
    return { confidence: minConfidence(confidence, "likely"), evidence: [paths] };
  }
  return symptom?.kind === "unauthorized" ? leftOver(facts, entry) : undefined;
}

/** A refusal by name of an entry's own user, or rights from aws-auth although there is an entry. */
function sureness(facts: Facts): Confidence | undefined {
  const { mapping, symptom } = facts;
  if (symptom?.kind === "forbidden") {
    const isFromAwsAuth = mapping?.by === "aws-auth" && symptom.user === mapping.username;
    return isFromAwsAuth ? "likely" : undefined;
  }
  const confidence = authFailureConfidence(facts);
  if (confidence === undefined || mapping?.by === "aws-auth") return undefined;
  const mayFallThrough = symptom === undefined && mapping?.by === "unknown";
  return mayFallThrough ? minConfidence(confidence, "likely") : confidence;
}

/** The token is the right one and the entry is there, and still 401. */
function leftOver({ evidence, cluster }: Facts, entry: AccessEntryJson): Shown | undefined {
  if (entry.type !== undefined && entry.type !== "STANDARD") return undefined;
  const tests = knownValue(evidence.tokenNames);
  const isAccepted = tests?.some(({ name, accepted }) => accepted && name === cluster?.name) === true;
  return {
    confidence: isAccepted ? "likely" : "possible",
    evidence: [
      `There is an entry for ${entry.principalArn}, and the API server answers 401.`,
      ...(isAccepted ? [`STS accepts the token for cluster ${cluster?.name}.`] : []),
      "When the principal was made is not known.",
    ],
    inferred: true,
  };
}

function iso(date: string | number | undefined): string {
  const ms = awsDate(date);
  return ms === undefined ? String(date) : new Date(ms).toISOString().replace(".000Z", "Z");
}
