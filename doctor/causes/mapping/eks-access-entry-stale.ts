import { aws, SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { type Confidence, minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { ENTRY_EXISTS } from "../../eks/mapping/access-entry.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import type { Mapping } from "../../eks/mapping/mapping.ts";
import { iamPrincipal } from "../../eks/principal/iam-principal.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { recreateEntry } from "../../fixes/access-entry-fix.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { FAULTY_LINE } from "../shared/aws-auth-line-rule.ts";
import { callerName, isUnknownCaller, readsEntries } from "../shared/caller-words.ts";
import { NO_ENTRY, READS_NO_ENTRIES } from "../shared/not-applicable.ts";

/**
 * The entry was created for a principal with the same name that has since been deleted: EKS stores unique IDs, and the new
 * principal has a different one. Shown by dates; if these are not known, it is what remains when nothing else explains a 401.
 */
export const eksAccessEntryStale = defineRule({
  cause: {
    id: "E3",
    what: "The principal was deleted and recreated after its access entry, which is still for the old one.",
    seen: "401 although the access entry looks right",
    remedy: "Cluster admin: delete the access entry and recreate it with the same permissions.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "the caller's access entry was created for the current role or user",
  needs: ["mapping", "principal"],
  check({ mapping, principal }, seen) {
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    if (seen.authenticationMode === "CONFIG_MAP") return READS_NO_ENTRIES;
    const confidence = confidenceOf(seen, mapping);
    if (confidence === undefined) return doesNotApply("the cluster accepted the caller");
    const staleness = stalenessOf(seen, mapping, confidence);
    if (staleness === undefined) return passed;
    const { shown, ...certainty } = staleness;
    const { kind, name } = principal;
    return found({
      ...certainty,
      explains: ["E1", "A1"],
      describe: (facts) => ({
        summary: certainty.inferred
          ? `The access entry for ${entry.principalArn} looks right but does not match: the ${kind} was probably deleted and recreated since.`
          : `The access entry for ${entry.principalArn} in ${facts.target.cluster} is older than the ${kind}: it was created for a deleted ${kind} of the same name.`,
        evidence: shown,
        falsifiedBy: sentence`${aws(`iam get-${kind}`, { [`${kind}-name`]: name })} shows a CreateDate before the access entry's createdAt.`,
        fixes: [
          forClusterAdmin(
            "Delete the access entry and recreate it with the same permissions.",
            ...recreateEntry(facts, entry, principalArn(facts, principal)),
          ),
        ],
      }),
    });
  },
  suspected: {
    unauthorized: {
      causes: ["E3", "E12", "E10", "E6", "E13", "E4", ...FAULTY_LINE],
      suspicion: (facts) => {
        const who = callerName(facts);
        const { principal, target } = facts;
        if (isUnknownCaller(facts))
          return {
            summary:
              "An access entry or aws-auth mapping exists but does not match: a recreated role, a wrong ARN, a misspelled key or invalid YAML.",
            audience: "cluster-admin",
            confirmedBy: sentence`${describeEntry(target, "PRINCIPAL_ARN")} shows an entry that is older than the role; ${SHOW_AWS_AUTH} shows the mapping.`,
          };
        if (principal === undefined || who === undefined || !readsEntries(facts)) return undefined;
        const { kind, name } = principal;
        return {
          summary: `The access entry for ${who} does not take effect: it was created for an earlier ${kind} ${name}, is seconds old, keeps being recreated, or has a node type.`,
          hints: isSaidToExist(facts, who)
            ? ["Creating an access entry for it failed: one already exists."]
            : [],
          audience: "cluster-admin",
          confirmedBy: sentence`${describeEntry(target, who)} shows type and createdAt; ${aws(`iam get-${kind}`, { [`${kind}-name`]: name })} shows CreateDate.`,
        };
      },
    },
  },
});

interface Staleness {
  readonly confidence: Confidence;
  readonly inferred: boolean;
  readonly shown: Description["evidence"];
}

/** The evidence for it is a 401, or permissions that come from aws-auth although an entry exists. */
function confidenceOf(seen: Facts, mapping: Mapping): Confidence | undefined {
  const { symptom } = seen;
  if (symptom?.kind === "forbidden") {
    const isFromAwsAuth = mapping.by === "aws-auth" && symptom.user === mapping.username;
    return isFromAwsAuth ? "likely" : undefined;
  }
  const confidence = seen.authFailureConfidence;
  // A 401 itself shows that aws-auth does not map the caller.
  if (confidence === undefined || symptom?.kind === "unauthorized") return confidence;
  if (mapping.by === "aws-auth") return undefined;
  const mayFallThrough = symptom === undefined && mapping.by === "unknown";
  return mayFallThrough ? minConfidence(confidence, "likely") : confidence;
}

function stalenessOf(seen: Facts, mapping: Mapping, confidence: Confidence): Staleness | undefined {
  const { entry } = mapping;
  if (entry === undefined || mapping.entryIsStale === false) return undefined;
  const role = seen.principal && iamPrincipal(seen.evidence, seen.principal);
  if (mapping.entryIsStale === true) {
    const dates = `The ${seen.principal?.kind} was created at ${iso(role?.CreateDate)}; its access entry was created at ${iso(entry.createdAt)}.`;
    const shown = [dates, `EKS matches by the ${seen.principal?.kind}'s unique ID, which changed.`];
    return { confidence, inferred: false, shown };
  }
  const moved = mapping.nearMisses.find(
    ({ differs, principalArn: arn }) => differs === "path" && arn === entry.principalArn,
  );
  if (moved !== undefined && role !== undefined) {
    const paths = `The access entry is for ${entry.principalArn}, but the current role of that name is ${role.Arn}.`;
    return { confidence: minConfidence(confidence, "likely"), inferred: false, shown: [paths] };
  }
  return seen.symptom?.kind === "unauthorized" ? leftOver(seen, entry) : undefined;
}

/** The token is right and the entry exists, and the result is still 401. */
function leftOver(seen: Facts, entry: AccessEntryJson): Staleness | undefined {
  if (entry.type !== undefined && entry.type !== "STANDARD") return undefined;
  const tests = knownValue(seen.evidence.tokenNames);
  const isAccepted = tests?.some(({ name, accepted }) => accepted && name === seen.cluster?.name) === true;
  return {
    confidence: isAccepted ? "likely" : "possible",
    inferred: true,
    shown: [
      `The cluster has an access entry for ${entry.principalArn}, but the API server returns 401.`,
      isAccepted && `STS accepts the token for cluster ${seen.cluster?.name}.`,
      "The principal's creation date is not known.",
    ],
  };
}

function iso(date: string | number | undefined): string {
  const ms = awsDate(date);
  return ms === undefined ? String(date) : new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Whether creating its entry failed because there already is one. */
function isSaidToExist({ failedFixes }: Facts, arn: string): boolean {
  return failedFixes.some(
    ({ words, principalArn: of }) => of !== undefined && isSamePrincipal(of, arn) && ENTRY_EXISTS.test(words),
  );
}
