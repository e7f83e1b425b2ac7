import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { addToAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * The caller stands nowhere in aws-auth. Where access entries count too, that there is no entry either is E1; here is only what
 * aws-auth alone decides.
 */
export const awsAuthEntryMissing = defineLegacyRule({
  code: "aws-auth-entry-missing",
  stage: "mapping",
  causes: ["A1"],
  expects: "aws-auth names the caller, where nothing else lets them in",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, authenticationMode, principal, symptom } = facts;
    const { awsAuth } = mapping;
    const refused = authFailureConfidence(facts);
    if (awsAuth === undefined || refused === undefined || mapping.awsAuthMatch !== undefined) return [];
    if (
      authenticationMode === "API" ||
      authenticationMode === "API_AND_CONFIG_MAP" ||
      mapping.entry !== undefined
    )
      return [];
    const isCertain = authenticationMode === "CONFIG_MAP" && symptom?.kind === "unauthorized";
    const listed = [...(awsAuth?.roles.entries ?? []), ...(awsAuth?.users.entries ?? [])].map(
      ({ arn }) => arn,
    );
    return [
      {
        cause: "A1",
        stage: "mapping",
        severity: "error",
        confidence: isCertain ? refused : minConfidence(refused, "likely"),
        summary:
          awsAuth === null
            ? `There is no ConfigMap aws-auth, so the cluster knows nobody like ${principal.canonicalArn}.`
            : `aws-auth does not name ${principal.canonicalArn}.`,
        evidence: [
          `The caller is ${principal.arn}; lines are held against ${principal.canonicalArn}.`,
          awsAuth === null
            ? "kube-system has no ConfigMap aws-auth."
            : `aws-auth names ${listed.join(", ") || "nobody"}.`,
          authenticationMode === undefined
            ? "The cluster's authentication mode is not known."
            : `The mode is ${authenticationMode}.`,
        ],
        falsifiedBy: "The caller made the cluster: then no line is needed.",
        fixes: fixes(facts, principal),
        inferred: true,
      },
    ];
  },
});

function fixes(facts: Facts, { canonicalArn, kind, name }: Principal): Fix[] {
  const { cluster, region } = commandTarget(facts);
  const username = kind === "role" ? `${name}:{{SessionName}}` : name;
  const section = kind === "role" ? "mapRoles" : "mapUsers";
  const eksctl = run("eksctl", "create iamidentitymapping", {
    cluster,
    region,
    arn: canonicalArn,
    username,
    group: "GROUP",
  });
  return [
    {
      audience: "cluster-admin",
      description: "Add the caller to aws-auth, in a group that is bound to what they are to do.",
      actions: [eksctl],
    },
    addToAwsAuth(facts, "Or the same without eksctl.", {
      section,
      arn: canonicalArn,
      username,
      groups: ["GROUP"],
    }),
    accessEntryFix(facts),
  ];
}
