import { isTerraform } from "../facts/client-kind.ts";
import { findWords } from "../facts/said.ts";
import { canBeRefused } from "../facts/startup.ts";
import { targetCluster } from "../facts/target-cluster.ts";
import { defineRule } from "../rule.ts";

/** The module writes aws-auth with the identity that runs it. */
const AWS_AUTH = /aws[-_]auth/;

/**
 * Terraform writes aws-auth as somebody whom the cluster does not let in. An entry that nearly fits is a cause of its own.
 */
export const clientTerraformRunner = defineRule({
  code: "client-terraform-runner",
  causes: ["T7"],
  expects: "the identity that runs Terraform may change aws-auth",
  needs: ["client", "symptom"],
  judge(facts) {
    const { client, symptom, mapping, principal, said } = facts;
    const words = findWords(said, AWS_AUTH);
    const writesIt = words !== undefined || findWords(client.configuration, AWS_AUTH) !== undefined;
    if (!isTerraform(client) || symptom.kind !== "unauthorized" || !canBeRefused(facts) || !writesIt)
      return [];
    if (mapping?.by === "entry" || mapping?.by === "aws-auth") return [];
    const isStranger =
      mapping?.by === "nobody" && mapping.entry === undefined && mapping.nearMisses.length === 0;
    const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
    const runner = principal?.canonicalArn ?? "RUNNER_ARN";
    const place = ["--cluster-name", name, "--region", region, "--principal-arn", runner];
    const policy = `arn:${principal?.partition ?? "aws"}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
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
        disproof: `An access entry or aws-auth names ${runner}, or it made the cluster.`,
        mends: [
          {
            by: "an administrator of the cluster",
            does: "Let the runner in first; afterwards it can manage the rest.",
            commands: [
              ["aws", "eks", "create-access-entry", ...place],
              [
                "aws",
                "eks",
                "associate-access-policy",
                ...place,
                "--policy-arn",
                policy,
                "--access-scope",
                "type=cluster",
              ],
            ],
          },
        ],
        ...(isStranger ? { explains: ["E1", "A1", "M5"] } : { inferred: true }),
      },
    ];
  },
});
