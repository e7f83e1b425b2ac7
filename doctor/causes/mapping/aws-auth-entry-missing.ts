import { run } from "../../../token/command/command.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { absentRoles } from "../../derive/identity/iam-principal.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import type { AwsAuth } from "../../derive/mapping/aws-auth.ts";
import { creatorOf, otherCreator } from "../../derive/mapping/possible-creator.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addPerson, personEntry } from "../../fixes/aws-auth-fixes.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { ownGroup } from "../../fixes/own-group.ts";

/** aws-auth does not name the caller. If the cluster reads access entries too, that is E1. */
export const awsAuthEntryMissing = defineRule({
  causes: [{ id: "A1", what: "aws-auth does not name the caller.", seen: "401", sameAs: ["E1", "M1"] }],
  expects: "aws-auth names the caller, where nothing else lets them in",
  needs: ["authFailureConfidence", "mapping", "principal"],
  check({ authFailureConfidence: confidence, mapping, principal }, seen) {
    const mode = seen.authenticationMode;
    if (mode !== undefined && mode !== "CONFIG_MAP") return doesNotApply("the cluster reads access entries");
    const { awsAuth } = mapping;
    if (awsAuth === undefined) return doesNotApply("aws-auth is not known");
    if (mapping.awsAuthMatch !== undefined) return passed;
    if (mapping.awsAuthIsExcerpt) return cannotTell("awsAuth");
    if (mode === undefined && mapping.entry !== undefined)
      return doesNotApply("the caller has an access entry");
    const creator = creatorOf(seen);
    if (mode === "CONFIG_MAP" && creator?.isCaller && creator.confidence === "certain")
      return doesNotApply("the caller created the cluster, for which no line is needed");
    const isCertain = mode === "CONFIG_MAP" && seen.symptom?.kind === "unauthorized";
    const most = creator?.isCaller ? "possible" : "likely";
    return found({
      confidence: isCertain && !creator?.isCaller ? confidence : minConfidence(confidence, most),
      inferred: true,
      describe: (facts) => ({
        summary:
          awsAuth === null
            ? `There is no ConfigMap aws-auth, so nothing maps ${principal.canonicalArn}.`
            : `aws-auth does not name ${principal.canonicalArn}.`,
        evidence: [
          `${facts.isOtherPrincipal ? "The question is about" : "The caller is"} ${principal.arn}; EKS compares lines with ${principal.canonicalArn}.`,
          sayNames(awsAuth),
          ...absentRoles(facts.evidence, namesIn(awsAuth)).map((arn) => `IAM has no role ${arn}.`),
          ...otherCreator(facts),
          mode === undefined ? "The cluster's authentication mode is not known." : `The mode is ${mode}.`,
        ],
        falsifiedBy: "The caller created the cluster: then no line is needed.",
        fixes: fixes(facts, principal),
      }),
    });
  },
});

function sayNames(awsAuth: AwsAuth | null): string {
  if (awsAuth === null) return "kube-system has no ConfigMap aws-auth.";
  return `aws-auth names ${namesIn(awsAuth).join(", ") || "nobody"}.`;
}

function namesIn(awsAuth: AwsAuth | null): string[] {
  return awsAuth === null ? [] : [...awsAuth.roles.entries, ...awsAuth.users.entries].map(({ arn }) => arn);
}

function fixes(facts: Facts, principal: Principal): Fix[] {
  const { cluster, region } = facts.target;
  const { group, says, actions } = ownGroup(facts, principal);
  const { arn, username } = personEntry(principal, group);
  return [
    forClusterAdmin(
      `Add the caller to aws-auth, in ${says}.`,
      run("eksctl", "create iamidentitymapping", { cluster, region, arn, username, group }),
      ...actions,
    ),
    addPerson(facts, "Or without eksctl: add a line", principal),
    accessEntryFix(facts),
  ];
}
