import type { Facts } from "../derive/facts.ts";
import { EXEC_API } from "../derive/kubeconfig/exec-block.ts";
import { documentOf, type Fix, forYou } from "./fix.ts";
import { hclList, hclString } from "./terraform.ts";

/** An exec block for a Terraform provider that fetches a token whenever one is needed. */
export function terraformExec(facts: Facts, description: string, more: readonly string[] = []): Fix {
  return forYou(description, documentOf(execBlock(facts, more)));
}

/** A provider block that gets the cluster's address from AWS. */
export function terraformProvider(facts: Facts): Fix {
  const { cluster } = facts.target;
  return forYou(
    "Connect the provider to the cluster.",
    documentOf(`data "aws_eks_cluster" "this" {
  name = ${hclString(cluster)}
}

provider "kubernetes" {
  host                   = data.aws_eks_cluster.this.endpoint
  cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)

  ${execBlock(facts).replaceAll("\n", "\n  ")}
}`),
  );
}

function execBlock({ target: { cluster, region } }: Facts, more: readonly string[] = []): string {
  const args = [
    "--region",
    region,
    "eks",
    "get-token",
    "--cluster-name",
    cluster,
    "--output",
    "json",
    ...more,
  ];
  return `exec {
  api_version = "${EXEC_API.v1beta1}"
  command     = "aws"
  args        = ${hclList(args)}
}`;
}
