import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, type Known } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import { awsDate } from "../../derive/aws-date.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { recreateEntry } from "../../fixes/recreate-entry.ts";
import { NO_ENTRY, READS_NO_ENTRIES } from "../shared/not-applicable.ts";

type Needed = Known<"mapping" | "principal">;
/**
 * The entry was made for a principal of the same name that has been deleted since: EKS keeps unique ids, and the new
 * principal has another. Seen by dates; where those are not known, what is left when nothing else explains a 401.
 */
export const eksAccessEntryStale = defineRule({
  causes: ["E3"],
  expects: "the caller's access entry was made for the role that exists today",
  needs: ["mapping", "principal"],
  check(known, seen) {
    const { entry } = known.mapping;
    if (entry === undefined) return NO_ENTRY;
    if (seen.authenticationMode === "CONFIG_MAP") return READS_NO_ENTRIES;
    const confidence = confidenceOf(known, seen);
    if (confidence === undefined) return doesNotApply("the cluster accepted the caller");
    const staleness = stalenessOf(known, seen, { entry, confidence });
    if (staleness === undefined) return passed;
    return found({
      confidence: staleness.confidence,
      inferred: staleness.isInferred,
      explains: ["E1", "A1"],
      describe: (facts) => describe(facts, known, { entry, staleness }),
    });
  },
});

interface Staleness {
  readonly confidence: Confidence;
  readonly isInferred: boolean;
  readonly evidence: readonly string[];
}

/** Rights that come from aws-auth although there is an entry, or a 401. */
function confidenceOf({ mapping }: Needed, seen: Facts): Confidence | undefined {
  const { symptom } = seen;
  if (symptom?.kind === "forbidden") {
    const isFromAwsAuth = mapping.by === "aws-auth" && symptom.user === mapping.username;
    return isFromAwsAuth ? "likely" : undefined;
  }
  const confidence = seen.authFailureConfidence;
  // A 401 shows by itself that aws-auth does not let the caller in.
  if (confidence === undefined || symptom?.kind === "unauthorized") return confidence;
  if (mapping.by === "aws-auth") return undefined;
  const mayFallThrough = symptom === undefined && mapping.by === "unknown";
  return mayFallThrough ? minConfidence(confidence, "likely") : confidence;
}

interface Suspect {
  readonly entry: AccessEntryJson;
  readonly confidence: Confidence;
}

function stalenessOf(
  { mapping }: Needed,
  seen: Facts,
  { entry, confidence }: Suspect,
): Staleness | undefined {
  if (mapping.entryIsStale === false) return undefined;
  const role = knownValue(seen.evidence.role)?.Role;
  if (mapping.entryIsStale === true) {
    const dates = `The role was created ${iso(role?.CreateDate)}, its entry ${iso(entry.createdAt)}.`;
    const evidence = [dates, "Matching is by the role's unique id, which changed."];
    return { confidence, isInferred: false, evidence };
  }
  const moved = mapping.nearMisses.find(
    ({ differs, principalArn: arn }) => differs === "path" && arn === entry.principalArn,
  );
  if (moved !== undefined && role !== undefined) {
    const paths = `The entry is for ${entry.principalArn}, and the role of that name is ${role.Arn} today.`;
    return { confidence: minConfidence(confidence, "likely"), isInferred: false, evidence: [paths] };
  }
  return seen.symptom?.kind === "unauthorized" ? leftOver(seen, entry) : undefined;
}

/** The token is the right one and the entry is there, and still 401. */
function leftOver(seen: Facts, entry: AccessEntryJson): Staleness | undefined {
  if (entry.type !== undefined && entry.type !== "STANDARD") return undefined;
  const tests = knownValue(seen.evidence.tokenNames);
  const isAccepted = tests?.some(({ name, accepted }) => accepted && name === seen.cluster?.name) === true;
  return {
    confidence: isAccepted ? "likely" : "possible",
    isInferred: true,
    evidence: [
      `There is an entry for ${entry.principalArn}, and the API server answers 401.`,
      ...(isAccepted ? [`STS accepts the token for cluster ${seen.cluster?.name}.`] : []),
      "When the principal was created is not known.",
    ],
  };
}

interface Shown {
  readonly entry: AccessEntryJson;
  readonly staleness: Staleness;
}

function describe(facts: Facts, { principal }: Needed, { entry, staleness }: Shown) {
  const { target, evidence } = facts;
  const { kind, name } = principal;
  return {
    summary: staleness.isInferred
      ? `The access entry of ${entry.principalArn} looks right and does not match: the ${kind} was probably deleted and recreated after the entry.`
      : `The access entry of ${entry.principalArn} in ${target.cluster} is older than the role: it was created for a deleted role of the same name.`,
    evidence: staleness.evidence,
    falsifiedBy: sentence`${aws(`iam get-${kind}`, { [`${kind}-name`]: name })} shows a CreateDate before the entry's createdAt.`,
    fixes: [
      forClusterAdmin(
        "Delete the entry and recreate it with the same rights.",
        ...recreateEntry({ evidence, target, entry, principalArn: principalArn(facts, principal) }),
      ),
    ],
  };
}

function iso(date: string | number | undefined): string {
  const ms = awsDate(date);
  return ms === undefined ? String(date) : new Date(ms).toISOString().replace(".000Z", "Z");
}
