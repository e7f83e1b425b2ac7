import type { Facts } from "../derive/facts.ts";
import { EXEC_API } from "../derive/kubeconfig/exec-block.ts";
import { documentOf, type Fix, forYou } from "./fix.ts";
import { hclList } from "./terraform.ts";

/** An exec block for a Terraform provider that fetches a token whenever one is needed. */
export function terraformExec(facts: Facts, description: string, more: readonly string[] = []): Fix {
  const { cluster: name, region } = facts.target;
  const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json", ...more];
  return forYou(
    description,
    documentOf(`exec {
  api_version = "${EXEC_API.v1beta1}"
  command     = "aws"
  args        = ${hclList(args)}
}`),
  );
}
