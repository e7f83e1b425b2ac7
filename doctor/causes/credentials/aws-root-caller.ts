import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed, type Verdict } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Severity } from "../../derive/failure/pre-auth-severity.ts";
import { principalOfArn } from "../../derive/identity/principal.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { awsAuthHasPeople } from "../../derive/mapping/aws-auth-people.ts";
import { entriesHavePeople } from "../../derive/mapping/entry-people.ts";
import { isMapped } from "../../derive/mapping/mapping.ts";
import { creatorOf, sayCreator } from "../../derive/mapping/possible-creator.ts";
import { createAdminEntry, createEntry } from "../../fixes/access-entry-actions.ts";
import { openToEntries } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { associateMeant, sayMeant } from "../../fixes/meant-policy.ts";
import { sayCaller } from "../shared/say-caller.ts";

export const awsRootCaller = defineRule({
  causes: [
    {
      id: "L16",
      what: "The caller is the account's root user, which EKS cannot map.",
      seen: '401 although "I am the administrator"',
    },
  ],
  expects: "the caller is not the account's root user",
  needs: ["principal"],
  check({ principal }, seen) {
    const severity = seen.isOtherPrincipal ? "error" : seen.preAuthSeverity;
    if (severity === undefined) return doesNotApply("the identity was accepted");
    if (principal.kind !== "root") return (!seen.isOtherPrincipal && rootCreator(seen, severity)) || passed;
    if (isMapped(seen.mapping)) return passed;
    const { partition, account, arn } = principal;
    const isUnmapped = seen.mapping?.by === "nobody";
    /** With aws-auth alone, the creator of the cluster is let in without any visible line. */
    const isRefused = seen.symptom?.kind === "unauthorized" || seen.authenticationMode !== "CONFIG_MAP";
    return found({
      severity,
      confidence: isUnmapped && isRefused ? "certain" : "likely",
      explains: ["E1", "A1", "M5"],
      describe: (facts) => ({
        summary: `${facts.isOtherPrincipal ? arn : "The caller"} is the root user of account ${account}, whom the cluster does not let in.`,
        evidence: [sayCaller(facts, arn), isUnmapped && "Neither an access entry nor aws-auth names it."],
        falsifiedBy:
          "aws-auth maps this very ARN, or root created the cluster while its mode was CONFIG_MAP.",
        fixes: letIn(facts, "an IAM role", `arn:${partition}:iam::${account}:role/ROLE`),
      }),
    });
  },
});

/** Root created the cluster, so nobody else was let in; people mistake that for access of their own identity. */
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
      summary: `The root user of account ${root.account} created the cluster, and nobody has let the caller in, ${facts.principal?.canonicalArn}.`,
      evidence: [
        sayCaller(facts, facts.principal?.arn ?? ""),
        sayCreator(creator),
        "Neither an access entry nor aws-auth names the caller.",
        isNobodyIn && "Nor does the cluster let in any other person.",
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

/** The smallest grant comes first: whoever only needs what was tried does not need full rights. */
function letIn(facts: Facts, who: string, arn: string): Fix[] {
  const open = openToEntries(facts);
  return [
    forClusterAdmin(
      `Let ${who} in, with a policy: ${sayMeant(facts)}; root may do this, since it may call the EKS API.`,
      ...open,
      createEntry(facts.target, arn),
      associateMeant(facts, arn),
    ),
    forClusterAdmin(
      `Or let ${who} in as an administrator of the whole cluster.`,
      ...open,
      ...createAdminEntry(facts.target, arn),
    ),
  ];
}
