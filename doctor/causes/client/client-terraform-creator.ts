import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { hclString } from "../../fixes/terraform.ts";

const SETTING = /enable_cluster_creator_admin_permissions\s*=\s*true/;

/** A plan that recreates the entry. Source: terraform-aws-eks#2911. */
const REPLACED =
  /cluster_creator"?\].{0,300}(?:must be replaced|will be (?:destroyed|replaced|created))|cluster_creator.{0,300}forces replacement|aws_eks_access_entry\.this\["cluster_creator"\]: Destroying/;

/** The module's entry for the creator is for the identity that runs Terraform, so every other runner takes it over. */
export const clientTerraformCreator = defineRule({
  cause: {
    id: "T8",
    what: "The cluster_creator access entry moves to each new identity that runs Terraform.",
    seen: "the entry is replaced on each run",
    remedy: "List the admins in access_entries, and disable enable_cluster_creator_admin_permissions.",
  },
  expects: "access entries in Terraform specify their principals, not the identity that runs Terraform",
  check(_, seen) {
    const { name, configuration } = seen.client ?? {};
    if (name !== undefined && !isTerraform({ name })) return doesNotApply("the client is not Terraform");
    const setting = matchInError(configuration, SETTING);
    const plan = matchInError(seen.question?.stderr, REPLACED) ?? matchInError(configuration, REPLACED);
    if (setting === undefined && plan === undefined)
      return configuration === undefined ? cannotTell("client") : passed;
    return found({
      severity: plan === undefined ? "warning" : "error",
      confidence: plan === undefined ? "possible" : setting === undefined ? "likely" : "certain",
      describe: (facts) => ({
        summary:
          "The cluster_creator access entry moves to each new identity that runs Terraform; the previous one loses it.",
        evidence: [
          setting && `The configuration sets ${setting.match[0]}.`,
          plan && `The plan shows: “${plan.line}”`,
        ],
        falsifiedBy: "The same identity always runs Terraform.",
        fixes: [listAdmins(facts)],
      }),
    });
  },
});

function listAdmins({ principal }: Facts): Fix {
  const admin = principal?.kind === "role" ? principal.canonicalArn : "ADMIN_ROLE_ARN";
  return forYou(
    "List the admins in access_entries, and disable the setting.",
    documentOf(`enable_cluster_creator_admin_permissions = false
access_entries = {
  admins = {
    principal_arn = ${hclString(admin)}
    policy_associations = {
      admin = {
        policy_arn   = "arn:${principal?.partition ?? "aws"}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
        access_scope = { type = "cluster" }
      }
    }
  }
}`),
  );
}
