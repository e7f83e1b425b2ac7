import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import {
  clusterLogins,
  innerBlock,
  type TerraformBlock,
  terraformArgument,
  terraformBlocks,
} from "../../derive/client/terraform-text.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { terraformExec } from "../../fixes/terraform.ts";
import { WHO_AM_I } from "../shared/caller-words.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/** The exec block of a provider does not inherit the role or the profile of Terraform's AWS provider. */
export const clientTerraformIdentity = defineRule({
  cause: {
    id: "T11",
    what: "The exec block of a Terraform provider does not use the AWS provider's role.",
    seen: "Unauthorized, although aws_* resources work",
    remedy: "Specify the identity in the exec block: --role-arn or --profile.",
    sameAs: ["E1"],
  },
  expects: "the exec block of a Terraform provider uses the AWS provider's identity",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    if (!isTerraform(client)) return doesNotApply("the client is not Terraform");
    if (symptom.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    if (client.configuration === undefined) return cannotTell("client");
    const identity = awsIdentity(client.configuration);
    const bare = clusterLogins(client.configuration).find(({ login }) =>
      hasNoIdentity(innerBlock(login, "exec")),
    );
    if (identity === undefined || bare === undefined) return passed;
    const { role, profile } = identity;
    if (role !== undefined && seen.principal && isSamePrincipal(seen.principal.arn, role)) return passed;
    const isExplained = isMapped(seen.mapping);
    const isProven = role !== undefined && seen.principal !== undefined;
    const flags = role === undefined ? ["--profile", profile ?? "PROFILE"] : ["--role-arn", role];
    return found({
      confidence: isExplained ? "possible" : isProven ? "certain" : "likely",
      ...(isExplained ? { inferred: true } : { explains: ["E1", "A1", "M5", "L7", "T7"] }),
      describe: (facts) => ({
        summary: `Terraform's AWS provider acts as ${role ?? `profile ${profile}`}, but the exec block of provider ${bare.provider} does not.`,
        evidence: [
          role === undefined
            ? `provider "aws" has profile = ${profile}.`
            : `provider "aws" has assume_role with ${role}.`,
          "The exec block's args contain neither --role-arn nor --profile.",
          facts.principal && `The exec command acts as ${facts.principal.arn}.`,
        ],
        falsifiedBy: sentence`${aws("sts get-caller-identity")}, run with the exec block's variables, returns the AWS provider's identity.`,
        fixes: [terraformExec(facts, `Specify the identity in the exec block: ${flags.join(" ")}.`, flags)],
      }),
    });
  },
  suspected: {
    unauthorized: suspectedUnknown(["T11", "T12", "T7"], ({ client }) => {
      if (!isTerraform(client)) return undefined;
      return {
        summary:
          "Terraform's kubernetes or helm provider does not use the role that runs Terraform, or that role is not mapped.",
        hints: ["The error comes from Terraform."],
        confirmedBy: sentence`The provider block has a static token or does not specify a role, or the cluster does not map the ARN that ${WHO_AM_I} returns where Terraform runs.`,
      };
    }),
  },
});

/** The role or profile of the AWS provider; undefined if it specifies neither. */
function awsIdentity(text: string) {
  const provider = terraformBlocks(text).find(
    ({ type, labels }) => type === "provider" && labels[0] === "aws",
  );
  if (provider === undefined) return undefined;
  const assume = innerBlock(provider, "assume_role");
  const role = assume && terraformArgument(assume, "role_arn");
  const profile = terraformArgument(provider, "profile");
  return role === undefined && profile === undefined ? undefined : { role, profile };
}

function hasNoIdentity(exec: TerraformBlock | undefined): boolean {
  return exec !== undefined && !/--role|--profile|AWS_PROFILE/.test(exec.body);
}
