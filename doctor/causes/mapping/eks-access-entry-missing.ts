import { aws, SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { describeWorkingWay } from "../../derive/client/working-ways.ts";
import { type Confidence, minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { canHaveEntry, entryArn, wholeArn } from "../../derive/identity/principal-arn.ts";
import { otherCreator } from "../../derive/mapping/possible-creator.ts";
import { awsAuthTexts } from "../../eks/aws-auth/aws-auth.ts";
import { entryArns, type NearMiss } from "../../eks/mapping/access-entry.ts";
import { SERVICE_ROLE } from "../../eks/mapping/entry-people.ts";
import type { Mapping } from "../../eks/mapping/mapping.ts";
import { absentRoles } from "../../eks/principal/iam-principal.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { failureOf, knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant, meantGrant } from "../../fixes/grant-fixes.ts";
import { callerName, describeCaller, readsAwsAuth, readsEntries, WHO_AM_I } from "../shared/caller-words.ts";
import { READS_NO_ENTRIES } from "../shared/not-applicable.ts";

/** The caller is not mapped: no access entry exists, nor a mapping in aws-auth if the cluster reads it. */
export const eksAccessEntryMissing = defineRule({
  cause: {
    id: "E1",
    what: "Neither an access entry nor an aws-auth mapping exists for the caller.",
    seen: "401",
    remedy: "Cluster admin: create an access entry for the caller's role, and associate an access policy.",
    sameAs: ["M1", "A1", "T7"],
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "the caller has an access entry or an effective aws-auth mapping",
  needs: ["authFailureConfidence", "principal", "mapping"],
  check({ authFailureConfidence: most, principal, mapping }, seen) {
    if (principal.kind === "root") return doesNotApply("the caller is the root user");
    if (seen.authenticationMode === "CONFIG_MAP") return READS_NO_ENTRIES;
    if (mapping.entry !== undefined || mapping.awsAuthMatch !== undefined) return passed;
    if (mapping.nearMisses.some((miss) => isRenamed(miss, principal)))
      return doesNotApply("the caller has an access entry under a previous name");
    const certainty = certaintyOf(seen, mapping, most);
    if (certainty === undefined) return cannotTell("accessEntries");
    return found({
      ...certainty,
      explains: ["A1"],
      describe: (facts) => describe(facts, principal, mapping),
    });
  },
  suspected: {
    unauthorized: {
      causes: ["E1", "A1", "M1", "M2", "M4", "M5"],
      suspicion: (facts) => {
        const who = callerName(facts);
        const { target } = facts;
        if (who === undefined)
          return {
            summary:
              "The cluster does not have an access entry or aws-auth mapping for the ARN of this IAM role or user.",
            audience: "cluster-admin",
            confirmedBy: sentence`${WHO_AM_I} returns an ARN that ${aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region })} does not list.`,
          };
        const [summary, confirmedBy] = readsEntries(facts)
          ? [
              readsAwsAuth(facts)
                ? `Cluster ${target.cluster} does not have an access entry or aws-auth mapping for ${who}.`
                : `Cluster ${target.cluster} does not have an access entry for ${who}.`,
              sentence`${describeEntry(target, who)} reports that the access entry does not exist.`,
            ]
          : [
              `Cluster ${target.cluster} uses only aws-auth, which does not map ${who}; it needs ${mappingFor(facts)}.`,
              sentence`${SHOW_AWS_AUTH} does not show a mapping for it.`,
            ];
        const others = facts.workingWays.filter(({ isSameIdentity }) => isSameIdentity === false);
        return {
          hinted: others.length > 0,
          summary,
          hints: [...acceptedByAws(facts), ...others.map(describeWorkingWay)],
          audience: "cluster-admin",
          confirmedBy,
        };
      },
    },
  },
});

function isRenamed({ differs }: NearMiss, principal: Principal): boolean {
  return differs === "permission-set" || (differs === "path" && principal.kind === "user");
}

interface Certainty {
  readonly confidence: Confidence;
  readonly inferred?: true;
}

/** Undefined: it is not known that the caller is not mapped. */
function certaintyOf(seen: Facts, mapping: Mapping, most: Confidence): Certainty | undefined {
  if (mapping.by === "nobody") {
    if (seen.authenticationMode !== "API" && isMentioned(seen, mapping))
      return { confidence: minConfidence(most, "likely"), inferred: true };
    return { confidence: seen.knowsWhoCallsAndHow ? most : minConfidence(most, "likely") };
  }
  if (seen.symptom?.kind !== "unauthorized") return undefined;
  if (mapping.entriesKnown) return { confidence: "likely" };
  // If EKS does not find the cluster, the call went to a different account or region, which shows nothing about entries.
  const isAbsent = /ResourceNotFoundException(?!.{0,300}No cluster found)/.test(
    failureOf(seen.evidence.accessEntryDetails) ?? "",
  );
  return isAbsent && isWholeNameKnown(seen) ? { confidence: "likely", inferred: true } : undefined;
}

/** EKS does not find an entry for an incomplete ARN either, so its answer shows nothing about the caller's entry. */
function isWholeNameKnown(seen: Facts): boolean {
  return seen.principal !== undefined && wholeArn(seen, seen.principal) !== undefined;
}

/** aws-auth maps the caller, or might do so: then a fault in that mapping is the better explanation. */
function isMentioned(seen: Facts, { awsAuth }: Mapping): boolean {
  if (!awsAuth) return false;
  const isBroken = [awsAuth.roles, awsAuth.users].some(({ syntaxError }) => syntaxError !== undefined);
  if (isBroken || awsAuth.ignoredKeys.length > 0) return true;
  const text = Object.values(awsAuthTexts(seen.evidence.awsAuth)).join("\n");
  return text.toLowerCase().includes(seen.principal?.name.toLowerCase() ?? "");
}

function describe(facts: Facts, principal: Principal, mapping: Mapping) {
  const { target, authenticationMode: mode } = facts;
  const who = entryArn(facts, principal);
  const canHave = canHaveEntry(principal);
  const grant = meantGrant(facts, who);
  return {
    summary: canHave
      ? `Cluster ${target.cluster} does not have an access entry${mode === "API" ? "" : " or effective aws-auth mapping"} for ${principal.canonicalArn}.`
      : `${principal.canonicalArn} cannot have an access entry in cluster ${target.cluster}${mode === "API" ? "" : " and does not have an effective aws-auth mapping"}.`,
    evidence: [
      describeCaller(facts, principal.arn),
      mode && `The authentication mode is ${mode}.`,
      !canHave && "EKS supports access entries only for IAM roles and users, not for federated users.",
      mapping.entriesKnown
        ? `${principal.canonicalArn} is not in the list of access entries.`
        : `DescribeAccessEntry returned: ${failureOf(facts.evidence.accessEntryDetails)}`,
      ...absentRoles(facts.evidence, entryArns(facts.evidence)).map(
        (arn) => `The cluster has an access entry for ${arn}, but this role does not exist in IAM.`,
      ),
      mode !== "API" && describeAwsAuth(mapping, principal),
      ...otherCreator(facts),
    ],
    falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": target.cluster })} lists this role or user, with any path.`,
    // Only AWS itself creates entries for its service-linked roles.
    fixes: SERVICE_ROLE.test(who)
      ? []
      : [
          forClusterAdmin(
            canHave
              ? `Create an access entry${grant.isPolicy ? ", and associate" : " with"} ${grant.says}.`
              : `Use a role instead, and create an access entry for it, with ${grant.says}.`,
            ...entryMeant(facts, who),
          ),
        ],
  };
}

function describeAwsAuth({ awsAuth, awsAuthIsExcerpt }: Mapping, { canonicalArn }: Principal): string {
  if (awsAuth === undefined) return "The contents of aws-auth are not known, but the API server returns 401.";
  if (awsAuth === null) return "ConfigMap kube-system/aws-auth does not exist.";
  return `aws-auth does not map ${canonicalArn}${awsAuthIsExcerpt ? ", as far as its contents are known" : ""}.`;
}

/** `a mapping under mapRoles with rolearn ARN, a username and groups` */
function mappingFor({ principal }: Facts): string {
  const [section, key] = principal?.kind === "role" ? ["mapRoles", "rolearn"] : ["mapUsers", "userarn"];
  return `a mapping under ${section} with ${key} ${principal?.canonicalArn}, a username and groups`;
}

function acceptedByAws({ principal, evidence }: Facts): string[] {
  return principal === undefined || knownValue(evidence.callerIdentity) === undefined
    ? []
    : [`AWS accepts the credentials (${principal.arn}), but the cluster returns 401.`];
}
