import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform, outlivesToken } from "../../derive/client/client-kind.ts";
import { clusterLogins, innerBlock, terraformArgument } from "../../derive/client/terraform-text.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Client } from "../../evidence/evidence.ts";
import { terraformExec } from "../../fixes/terraform.ts";
import { isUnknownCaller } from "../shared/caller-words.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

type Login = ReturnType<typeof clusterLogins>[number];

/** A provider logs in with a token that was read only once, during the plan, and that expires after 15 minutes. */
export const clientTerraformToken = defineRule({
  cause: {
    id: "T1",
    what: "Terraform read its token at plan time and used it more than 15 minutes later.",
    seen: "the server has asked for the client to provide credentials",
    remedy: "Replace the static token with an exec block that fetches tokens.",
  },
  expects: "Terraform's providers fetch a token when they need one",
  needs: ["client"],
  check({ client }, seen) {
    if (seen.symptom?.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    const logins = clusterLogins(client.configuration ?? "");
    const provider = logins.find(({ login }) => hasOnlyToken(login));
    if (provider === undefined) {
      if (logins.length > 0) return passed;
      if (!isTerraform(client) && client.name !== "helm")
        return doesNotApply("the client is neither Terraform nor Helm");
      if (client.configuration === undefined && client.runSeconds === undefined) return cannotTell("client");
      if (!outlivesToken(client))
        return doesNotApply("the run is not known to last longer than a token is valid");
    }
    const confidence = confidenceOf(client, provider !== undefined);
    return found({
      confidence,
      inferred: confidence !== "certain",
      describe: (facts) => describe(facts, client, provider),
    });
  },
  suspected: {
    unauthorized: {
      causes: ["T1"],
      suspicion: (facts) => {
        const { client, pastedError = "" } = facts;
        const isAsked = /asked for the client to provide credentials|X-Amz-Date parameter is expired/.test(
          pastedError,
        );
        // kubectl uses the same words.
        const isKubectl = /memcache\.go/.test(pastedError);
        if (!isTerraform(client) && !(isAsked && !isKubectl && isUnknownCaller(facts))) return undefined;
        return {
          summary:
            "Terraform or Helm uses a token that has expired: it was read at plan time and is valid for 15 minutes.",
          hints: [
            isAsked
              ? "The server asks for credentials: the request did not contain valid ones."
              : "The error comes from Terraform.",
          ],
          audience: "you",
          confirmedBy:
            "The kubernetes or helm provider gets its token from a data source (aws_eks_cluster_auth), not from an exec block.",
        };
      },
    },
  },
});

function hasOnlyToken(login: Login["login"]): boolean {
  return terraformArgument(login, "token") !== undefined && innerBlock(login, "exec") === undefined;
}

function confidenceOf(client: Client, hasProvider: boolean): Confidence {
  if (!hasProvider) return "possible";
  if (client.runSeconds === undefined) return "likely";
  return outlivesToken(client) ? "certain" : "possible";
}

function describe(facts: Facts, { name, runSeconds }: Client, provider: Login | undefined) {
  const token = provider && terraformArgument(provider.login, "token");
  const minutes = Math.floor((runSeconds ?? 0) / 60);
  return {
    summary:
      provider === undefined
        ? `${name} had been running for ${minutes} minutes, so a token that it read at the start had expired.`
        : `Provider ${provider.provider} uses a token that was read only once; EKS accepts a token for 15 minutes.`,
    evidence: [
      provider && `The provider block sets token = ${token} and does not contain an exec block.`,
      runSeconds !== undefined && `The run failed after ${minutes} minutes.`,
    ],
    falsifiedBy: "The same run also fails within its first 15 minutes, with a token that was just read.",
    fixes: [terraformExec(facts, "Replace token with an exec block that fetches tokens.")],
  };
}
