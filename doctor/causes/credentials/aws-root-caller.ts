import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Severity } from "../../derive/failure/symptom.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { awsAuthHasPeople } from "../../derive/mapping/aws-auth-view.ts";
import { creatorOf, describeCreator } from "../../derive/mapping/possible-creator.ts";
import { entriesHavePeople } from "../../eks/mapping/entry-people.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { createAdminEntry } from "../../fixes/access-entry-actions.ts";
import { openToEntries } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { entryMeant, withMeant } from "../../fixes/grant-fixes.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { describeCaller, WHO_AM_I } from "../shared/caller-words.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/** STS's message. Source: AWS IAM User Guide, "Troubleshoot IAM roles". */
const ROOT_REFUSED = /Roles may not be assumed by root accounts/;

export const awsRootCaller = defineRule({
  cause: {
    id: "L16",
    what: "The caller is the account's root user, which EKS cannot map.",
    seen: '401 although "I am the administrator"',
    remedy: "Cluster admin: grant access to an IAM role; the root user cannot have an access entry.",
  },
  expects: "the caller is not the account's root user",
  check(_, seen) {
    const words = seen.credentialErrors?.match(ROOT_REFUSED);
    if (words !== undefined) return found(errorConclusion(words, describeRefused));
    const { principal } = seen;
    if (principal === undefined) return doesNotApply("the caller is not known");
    const severity = seen.isOtherPrincipal ? "error" : seen.preAuthSeverity;
    if (severity === undefined) return doesNotApply("the identity was accepted");
    if (principal.kind !== "root") return (!seen.isOtherPrincipal && rootCreator(seen, severity)) || passed;
    if (isMapped(seen.mapping)) return passed;
    const { partition, account, arn } = principal;
    const isUnmapped = seen.mapping?.by === "nobody";
    /** With aws-auth alone, the creator of the cluster has access without any visible mapping. */
    const isRefused = seen.symptom?.kind === "unauthorized" || seen.authenticationMode !== "CONFIG_MAP";
    return found({
      severity,
      confidence: isUnmapped && isRefused ? "certain" : "likely",
      explains: ["E1", "A1", "M5"],
      describe: (facts) => ({
        summary: `${facts.isOtherPrincipal ? arn : "The caller"} is the root user of account ${account}, which does not have access to the cluster.`,
        evidence: [
          describeCaller(facts, arn),
          isUnmapped && "Neither an access entry nor an aws-auth mapping matches it.",
        ],
        falsifiedBy:
          "aws-auth maps exactly this ARN, or the root user created the cluster in mode CONFIG_MAP.",
        fixes: letIn(facts, "an IAM role", `arn:${partition}:iam::${account}:role/ROLE`),
      }),
    });
  },
});

function describeRefused(facts: Facts): Description {
  return {
    summary: "The AWS credentials belong to the root user, which cannot assume the configured role.",
    evidence: [],
    falsifiedBy: sentence`${WHO_AM_I} returns an ARN that does not end in :root.`,
    fixes: [
      forYou(
        "Use the credentials of an IAM user or role, and remove the root user's access key.",
        ...chooseProfile(facts),
      ),
    ],
  };
}

/** Root created the cluster, so no one else has access; users mistake that for access of their own identity. */
function rootCreator(seen: Facts, severity: Severity): Verdict | undefined {
  const creator = creatorOf(seen);
  const root = creator && principalOfArn(creator.Arn);
  if (creator === undefined || root?.kind !== "root") return undefined;
  const { authFailureConfidence: most, mapping } = seen;
  if (most === undefined || mapping?.by !== "nobody" || mapping.entry !== undefined) return undefined;
  const people = [
    seen.authenticationMode === "CONFIG_MAP" ? false : entriesHavePeople(seen.evidence),
    awsAuthHasPeople(seen),
  ];
  const isOtherIn = seen.workingWays.some(
    ({ principal }) => principal !== undefined && principal.kind !== "root",
  );
  if (people.includes(true) || isOtherIn) return undefined;
  const isNobodyIn = people.every((has) => has === false);
  return found({
    severity,
    confidence: minConfidence(most, isNobodyIn ? creator.confidence : "likely"),
    explains: ["E1", "A1", "M5"],
    describe: (facts) => ({
      summary: `The root user of account ${root.account} created the cluster, but the caller was not granted access: ${facts.principal?.canonicalArn}.`,
      evidence: [
        describeCaller(facts, facts.principal?.arn ?? ""),
        describeCreator(creator),
        "Neither an access entry nor an aws-auth mapping matches the caller.",
        isNobodyIn && "No other user has access to the cluster either.",
      ],
      falsifiedBy: "The cluster has an access entry for the caller.",
      fixes: letIn(
        facts,
        "the caller",
        facts.principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, facts.principal),
      ),
    }),
  });
}

/** The smallest grant comes first: a caller who only needs what was tried does not need full permissions. */
function letIn(facts: Facts, who: string, arn: string): Fix[] {
  const open = openToEntries(facts);
  return [
    forClusterAdmin(
      `Create an access entry for ${who}, ${withMeant(facts, arn)}; the root user can do this because it can call the EKS API.`,
      ...open,
      ...entryMeant(facts, arn),
    ),
    forClusterAdmin(
      `Or create an access entry that makes ${who} a cluster admin.`,
      ...open,
      ...createAdminEntry(facts.target, arn),
    ),
  ];
}
