import type { Mend } from "../rule.ts";
import type { Facts } from "./facts.ts";
import { targetCluster } from "./target-cluster.ts";

/** An exec block for a Terraform provider, that fetches a token whenever one is needed. */
export function terraformExec(
  facts: Pick<Facts, "evidence" | "context" | "exec">,
  does: string,
  more: readonly string[] = [],
): Mend {
  const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
  const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json", ...more];
  return {
    by: "you",
    does,
    text: `exec {
  api_version = "client.authentication.k8s.io/v1beta1"
  command     = "aws"
  args        = [${args.map((arg) => JSON.stringify(arg)).join(", ")}]
}`,
  };
}
