import type { Facts } from "../derive/facts.ts";
import { targetCluster } from "../derive/target/target-cluster.ts";
import { documentOf, type Fix } from "./fix.ts";
import { hclList } from "./terraform.ts";

/** An exec block for a Terraform provider, that fetches a token whenever one is needed. */
export function terraformExec(
  facts: Pick<Facts, "evidence" | "context" | "exec">,
  description: string,
  more: readonly string[] = [],
): Fix {
  const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
  const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json", ...more];
  return {
    audience: "you",
    description,
    actions: [
      documentOf(`exec {
  api_version = "client.authentication.k8s.io/v1beta1"
  command     = "aws"
  args        = ${hclList(args)}
}`),
    ],
  };
}
