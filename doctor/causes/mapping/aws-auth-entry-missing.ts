import { run } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { creatorOf, otherCreator } from "../../derive/mapping/possible-creator.ts";
import type { AwsAuth } from "../../eks/aws-auth/aws-auth.ts";
import { absentRoles } from "../../eks/principal/iam-principal.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addPerson, personEntry } from "../../fixes/aws-auth-fixes.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { ownGroup } from "../../fixes/rbac-actions.ts";

/** aws-auth does not map the caller. If the cluster reads access entries too, that is E1. */
export const awsAuthEntryMissing = defineRule({
  cause: {
    id: "A1",
    what: "aws-auth does not map the caller.",
    seen: "401",
    remedy: "Cluster admin: map the caller in aws-auth, or create an access entry.",
    sameAs: ["E1", "M1"],
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth maps the caller if nothing else does",
  needs: ["authFailureConfidence", "mapping", "principal"],
  check({ authFailureConfidence: confidence, mapping, principal }, seen) {
    const mode = seen.authenticationMode;
    if (mode !== undefined && mode !== "CONFIG_MAP") return doesNotApply("the cluster reads access entries");
    const { awsAuth } = mapping;
    if (awsAuth === undefined) return doesNotApply("the contents of aws-auth are not known");
    if (mapping.awsAuthMatch !== undefined) return passed;
    if (mapping.awsAuthIsExcerpt) return cannotTell("awsAuth");
    if (mode === undefined && mapping.entry !== undefined)
      return doesNotApply("the caller has an access entry");
    const creator = creatorOf(seen);
    if (mode === "CONFIG_MAP" && creator?.isCaller && creator.confidence === "certain")
      return doesNotApply("the caller created the cluster and does not need a mapping");
    const isCertain = mode === "CONFIG_MAP" && seen.symptom?.kind === "unauthorized";
    const most = creator?.isCaller ? "possible" : "likely";
    return found({
      confidence: isCertain && !creator?.isCaller ? confidence : minConfidence(confidence, most),
      inferred: true,
      describe: (facts) => ({
        summary:
          awsAuth === null
            ? `ConfigMap aws-auth does not exist, so it does not map ${principal.canonicalArn}.`
            : `aws-auth does not map ${principal.canonicalArn}.`,
        evidence: [
          `${facts.isOtherPrincipal ? "You asked about" : "The caller is"} ${principal.arn}; EKS matches mappings against ${principal.canonicalArn}.`,
          describeMapped(awsAuth),
          ...absentRoles(facts.evidence, namesIn(awsAuth)).map((arn) => `${arn} does not exist in IAM.`),
          ...otherCreator(facts),
          mode === undefined
            ? "The cluster's authentication mode is not known."
            : `The authentication mode is ${mode}.`,
        ],
        falsifiedBy: "The caller created the cluster and therefore does not need a mapping.",
        fixes: fixes(facts, principal),
      }),
    });
  },
});

function describeMapped(awsAuth: AwsAuth | null): string {
  if (awsAuth === null) return "ConfigMap aws-auth not found in kube-system.";
  return `aws-auth maps ${namesIn(awsAuth).join(", ") || "neither roles nor users"}.`;
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
      `Map the caller in aws-auth, in ${says}.`,
      run("eksctl", "create iamidentitymapping", { cluster, region, arn, username, group }),
      ...actions,
    ),
    addPerson(facts, "Or without eksctl: add a mapping", principal),
    accessEntryFix(facts),
  ];
}
