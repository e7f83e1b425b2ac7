import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { documentOf } from "../../fixes/fix.ts";
import { hclString } from "../../fixes/terraform.ts";

const SETTING = /enable_cluster_creator_admin_permissions\s*=\s*true/;

/** A plan that makes the entry anew. Source: terraform-aws-eks#2911. */
const REPLACED =
  /cluster_creator"?\].{0,300}(?:must be replaced|will be (?:destroyed|replaced|created))|cluster_creator.{0,300}forces replacement/;

/** The module's entry for the creator follows whoever runs Terraform, and changes hands with every other runner. */
export const clientTerraformCreator = defineLegacyRule({
  code: "client-terraform-creator",
  stage: "client",
  causes: ["T8"],
  expects: "access entries in Terraform name their principals, and not whoever runs it",
  needs: ["client"],
  judge(facts) {
    const { client, pastedError: said, evidence } = facts;
    if (!isTerraform(client)) return [];
    const setting = matchInError(client.configuration, SETTING);
    const plan =
      matchInError(said ?? evidence.question?.stderr, REPLACED) ??
      matchInError(client.configuration, REPLACED);
    if (setting === undefined && plan === undefined) return [];
    const admin = facts.principal?.kind === "role" ? facts.principal.canonicalArn : "ADMIN_ROLE_ARN";
    return [
      {
        cause: "T8",
        stage: "client",
        severity: plan === undefined ? "warning" : "error",
        confidence: plan === undefined ? "possible" : setting === undefined ? "likely" : "certain",
        summary:
          "The creator's access entry belongs to whoever runs Terraform: each other runner takes it from the last one.",
        evidence: [
          ...(setting === undefined ? [] : [`The configuration has ${setting.match[0]}.`]),
          ...(plan === undefined ? [] : [`The plan says: “${plan.line}”`]),
        ],
        falsifiedBy: "Terraform is always run by one and the same identity.",
        fixes: [
          {
            audience: "you",
            description: "Name the administrators in access_entries, and switch the setting off.",
            actions: [
              documentOf(`enable_cluster_creator_admin_permissions = false
access_entries = {
  admins = {
    principal_arn = ${hclString(admin)}
    policy_associations = {
      admin = {
        policy_arn   = "arn:${facts.principal?.partition ?? "aws"}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
        access_scope = { type = "cluster" }
      }
    }
  }
}`),
            ],
          },
        ],
      },
    ];
  },
});
