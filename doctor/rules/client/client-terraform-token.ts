import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import { clusterLogins, innerBlock, terraformArgument } from "../../derive/client/terraform-text.ts";
import type { Confidence } from "../../derive/confidence.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { EKS_TOKEN_LIFE_MS } from "../../derive/kubeconfig/static-token.ts";
import { terraformExec } from "../../fixes/terraform-exec.ts";

/** A provider logs in with a token that was read once, at plan: it is dead after 15 minutes. */
export const clientTerraformToken = defineLegacyRule({
  code: "client-terraform-token",
  stage: "client",
  causes: ["T1"],
  expects: "Terraform's providers fetch a token when they need one",
  needs: ["client"],
  judge(facts) {
    const { client, symptom } = facts;
    if (symptom?.kind !== "unauthorized" || !canCause401(facts)) return [];
    const logins = clusterLogins(client.configuration ?? "");
    const [found] = logins.filter(({ login }) => hasOnlyToken(login));
    const isHelmOrTerraform = isTerraform(client) || client.name === "helm";
    if (found === undefined && (logins.length > 0 || !isHelmOrTerraform || client.runSeconds === undefined))
      return [];
    const isLate = (client.runSeconds ?? 0) * 1000 >= EKS_TOKEN_LIFE_MS;
    if (found === undefined && !isLate) return [];
    const token = found === undefined ? undefined : terraformArgument(found.login, "token");
    const confidence = sureness({ isFound: found !== undefined, isLate, runSeconds: client.runSeconds });
    return [
      {
        cause: "T1",
        stage: "client",
        severity: "error",
        confidence,
        summary:
          found === undefined
            ? `${client.name} had been running for ${minutes(client.runSeconds)} minutes: a token that it read at its start is dead by then.`
            : `Provider ${found.provider} logs in with a token that was read once (${token}), and EKS takes a token for 15 minutes.`,
        evidence: [
          ...(found === undefined ? [] : [`The provider block has token = ${token}, and no exec block.`]),
          ...(client.runSeconds === undefined
            ? []
            : [`The run had taken ${minutes(client.runSeconds)} minutes when it failed.`]),
        ],
        falsifiedBy:
          "The same run fails within its first 15 minutes too, with a token that was read just before.",
        fixes: [
          terraformExec(facts, "Let the provider fetch its tokens with an exec block, in place of token."),
        ],
        ...(confidence === "certain" ? {} : { inferred: true }),
      },
    ];
  },
});

function hasOnlyToken(login: Parameters<typeof innerBlock>[0]): boolean {
  return terraformArgument(login, "token") !== undefined && innerBlock(login, "exec") === undefined;
}

function sureness(seen: {
  readonly isFound: boolean;
  readonly isLate: boolean;
  readonly runSeconds: number | undefined;
}): Confidence {
  if (seen.isFound && seen.isLate) return "certain";
  return seen.isFound && seen.runSeconds === undefined ? "likely" : "possible";
}

function minutes(seconds: number | undefined): number {
  return Math.floor((seconds ?? 0) / 60);
}
