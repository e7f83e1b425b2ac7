import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { associatePolicy, CLUSTER_SCOPE, createEntry } from "../../fixes/access-entry-actions.ts";

/** The module writes aws-auth with the identity that runs it. */
const AWS_AUTH = /aws[-_]auth/;

/**
 * Terraform writes aws-auth as somebody whom the cluster does not let in. An entry that nearly fits is a cause of its own.
 */
export const clientTerraformRunner = defineLegacyRule({
  code: "client-terraform-runner",
  stage: "credentials",
  causes: ["T7"],
  expects: "the identity that runs Terraform may change aws-auth",
  needs: ["client", "symptom"],
  judge(facts) {
    const { client, symptom, mapping, principal, pastedError: said } = facts;
    const words = matchInError(said, AWS_AUTH);
    const writesIt = words !== undefined || matchInError(client.configuration, AWS_AUTH) !== undefined;
    if (!isTerraform(client) || symptom.kind !== "unauthorized" || !canCause401(facts) || !writesIt)
      return [];
    if (mapping?.by === "entry" || mapping?.by === "aws-auth") return [];
    const isStranger =
      mapping?.by === "nobody" && mapping.entry === undefined && mapping.nearMisses.length === 0;
    const runner = principal?.canonicalArn ?? "RUNNER_ARN";
    const target = commandTarget(facts);
    const policyArn = `arn:${principal?.partition ?? "aws"}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
    return [
      {
        cause: "T7",
        stage: "credentials",
        severity: "error",
        confidence: isStranger ? "certain" : "possible",
        summary: `${client.name} writes aws-auth as ${runner}, whom the cluster does not let in.`,
        evidence: [
          words === undefined ? "The configuration manages aws-auth." : `The call said: “${words.line}”`,
          ...(isStranger ? ["Neither an access entry nor aws-auth names this identity."] : []),
        ],
        falsifiedBy: `An access entry or aws-auth names ${runner}, or it made the cluster.`,
        fixes: [
          {
            audience: "cluster-admin",
            description: "Let the runner in first; afterwards it can manage the rest.",
            actions: [
              createEntry(target, runner),
              associatePolicy(target, runner, { policyArn, accessScope: CLUSTER_SCOPE }),
            ],
          },
        ],
        ...(isStranger ? { explains: ["E1", "A1", "M5"] } : { inferred: true }),
      },
    ];
  },
});
