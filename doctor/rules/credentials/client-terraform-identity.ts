import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, type Description, doesNotApply, found, passed } from "../../check/verdict.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import {
  clusterLogins,
  innerBlock,
  type TerraformBlock,
  terraformArgument,
  terraformBlocks,
} from "../../derive/client/terraform-text.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { isMapped } from "../../derive/mapping/mapping.ts";
import { aws } from "../../fixes/aws.ts";
import { terraformExec } from "../../fixes/terraform-exec.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";
import { sentences } from "../shared/sentences.ts";

/** What the AWS provider acts as. */
interface AwsIdentity {
  readonly role: string | undefined;
  readonly profile: string | undefined;
}

/** The exec block of a provider does not inherit the role or the profile of Terraform's AWS provider. */
export const clientTerraformIdentity = defineRule({
  causes: ["T11"],
  expects: "the exec block of a Terraform provider uses the identity of the AWS provider",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    if (!isTerraform(client)) return doesNotApply("the client is not Terraform");
    if (symptom.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    if (client.configuration === undefined) return cannotTell("client");
    const identity = awsIdentity(client.configuration);
    const bare = clusterLogins(client.configuration).find(({ login }) =>
      namesNobody(innerBlock(login, "exec")),
    );
    if (identity === undefined || bare === undefined) return passed;
    const isRole = identity.role !== undefined;
    if (isRole && seen.principal && isSamePrincipal(seen.principal.arn, identity.role)) return passed;
    const isExplained = isMapped(seen.mapping);
    const isProven = isRole && seen.principal !== undefined;
    return found({
      confidence: isExplained ? "possible" : isProven ? "certain" : "likely",
      ...(isExplained ? { inferred: true } : { explains: ["E1", "A1", "M5", "T7"] }),
      describe: (facts) => describe(facts, { identity, provider: bare.provider }),
    });
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

function namesNobody(exec: TerraformBlock | undefined): boolean {
  return exec !== undefined && !/--role|--profile|AWS_PROFILE/.test(exec.body);
}

interface Providers {
  readonly identity: AwsIdentity;
  /** The one with the exec block. */
  readonly provider: string;
}

function describe(facts: Facts, { identity: { role, profile }, provider }: Providers): Description {
  const { principal } = facts;
  const flags = role === undefined ? ["--profile", profile ?? "PROFILE"] : ["--role-arn", role];
  return {
    summary: `Terraform's AWS provider acts as ${role ?? `profile ${profile}`}, but the exec block of provider ${provider} does not.`,
    evidence: sentences(
      role === undefined
        ? `provider "aws" has profile = ${profile}.`
        : `provider "aws" has assume_role with ${role}.`,
      "The args of the exec block have neither --role-arn nor --profile.",
      principal && `The exec command acts as ${principal.arn}.`,
    ),
    falsifiedBy: sentence`${aws("sts get-caller-identity")}, with the variables of the exec block, shows the AWS provider's identity.`,
    fixes: [terraformExec(facts, `Name the identity in the exec block: ${flags.join(" ")}.`, flags)],
  };
}
