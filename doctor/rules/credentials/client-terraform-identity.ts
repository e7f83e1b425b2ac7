import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import {
  clusterLogins,
  innerBlock,
  type TerraformBlock,
  terraformArgument,
  terraformBlocks,
} from "../../derive/client/terraform-text.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { aws } from "../../fixes/aws.ts";
import { terraformExec } from "../../fixes/terraform-exec.ts";

/** What the AWS provider acts as. */
interface AwsIdentity {
  readonly role: string | undefined;
  readonly profile: string | undefined;
}

/** The exec block of a provider does not inherit the role or the profile of Terraform's AWS provider. */
export const clientTerraformIdentity = defineLegacyRule({
  code: "client-terraform-identity",
  stage: "credentials",
  causes: ["T11"],
  expects: "the exec block of a Terraform provider asks as whom the AWS provider acts",
  needs: ["client"],
  judge(facts) {
    const { client, symptom } = facts;
    const text = client.configuration ?? "";
    if (!isTerraform(client) || symptom?.kind !== "unauthorized" || !canCause401(facts)) return [];
    const identity = awsIdentity(text);
    const bare = clusterLogins(text).find(({ login }) => asksAsNobody(innerBlock(login, "exec")));
    if (identity === undefined || bare === undefined || isAlready(facts, identity)) return [];
    const { role, profile } = identity;
    const flags = role === undefined ? ["--profile", profile ?? "PROFILE"] : ["--role-arn", role];
    const isMapped = facts.mapping?.by === "entry" || facts.mapping?.by === "aws-auth";
    const differs = role !== undefined && facts.principal !== undefined;
    return [
      {
        cause: "T11",
        stage: "credentials",
        severity: "error",
        confidence: isMapped ? "possible" : differs ? "certain" : "likely",
        summary: `Terraform's AWS provider acts as ${role ?? `profile ${profile}`}, but the exec block of provider ${bare.provider} does not.`,
        evidence: [
          role === undefined
            ? `provider "aws" has profile = ${profile}.`
            : `provider "aws" has assume_role with ${role}.`,
          "The args of the exec block hold neither --role-arn nor --profile.",
          ...(facts.principal === undefined ? [] : [`The exec command acts as ${facts.principal.arn}.`]),
        ],
        falsifiedBy: sentence`${aws("sts get-caller-identity")}, with the variables of the exec block, shows the AWS provider's identity.`,
        fixes: [terraformExec(facts, `Name the identity in the exec block: ${flags.join(" ")}.`, flags)],
        ...(isMapped ? { inferred: true } : { explains: ["E1", "A1", "M5", "T7"] }),
      },
    ];
  },
});

function awsIdentity(text: string): AwsIdentity | undefined {
  const provider = terraformBlocks(text).find(
    ({ type, labels }) => type === "provider" && labels[0] === "aws",
  );
  if (provider === undefined) return undefined;
  const assume = innerBlock(provider, "assume_role");
  const role = assume && terraformArgument(assume, "role_arn");
  const profile = terraformArgument(provider, "profile");
  return role === undefined && profile === undefined ? undefined : { role, profile };
}

function asksAsNobody(exec: TerraformBlock | undefined): boolean {
  return exec !== undefined && !/--role|--profile|AWS_PROFILE/.test(exec.body);
}

/** The environment may give the exec command the same role. */
function isAlready({ principal }: Facts, { role }: AwsIdentity): boolean {
  return role !== undefined && principal !== undefined && isSamePrincipal(principal.arn, role);
}
