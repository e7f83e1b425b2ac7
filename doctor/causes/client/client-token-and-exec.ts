import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { outlivesToken } from "../../derive/client/client-kind.ts";
import { clusterLogins, innerBlock, terraformArgument } from "../../derive/client/terraform-text.ts";
import { documentOf, forYou } from "../../fixes/fix.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/** A provider block has both a token and an exec block: the token is used, and expires. */
export const clientTokenAndExec = defineRule({
  cause: {
    id: "T12",
    what: "The provider block has both a token and an exec block; the token takes precedence.",
    seen: "Unauthorized after 15 minutes",
    remedy: "Remove the token from provider kubernetes; keep the exec block.",
  },
  expects: "no provider block has both a token and an exec block",
  needs: ["client"],
  check({ client }, seen) {
    if (!seen.canCause401) return NOT_REFUSED;
    const logins = clusterLogins(client.configuration ?? "");
    if (logins.length === 0) return doesNotApply("no Terraform provider that logs in to a cluster is known");
    const both = logins.flatMap(({ provider, login }) => {
      const token = terraformArgument(login, "token");
      return token === undefined || innerBlock(login, "exec") === undefined ? [] : [{ provider, token }];
    });
    return found(
      ...both.map(({ provider, token }) => ({
        severity: seen.symptom === undefined ? ("warning" as const) : ("error" as const),
        confidence:
          seen.symptom !== undefined && outlivesToken(client) ? ("certain" as const) : ("likely" as const),
        explains: ["T1"] as const,
        describe: () => describe(provider, token, client.runSeconds),
      })),
    );
  },
});

function describe(provider: string, token: string, runSeconds: number | undefined) {
  return {
    summary: `Provider ${provider} has both token and exec: the token takes precedence, but EKS accepts it for only 15 minutes.`,
    evidence: [
      `The provider block sets token = ${token}.`,
      "The same provider block contains an exec block.",
      runSeconds !== undefined && `The run had lasted ${Math.floor(runSeconds / 60)} minutes.`,
    ],
    falsifiedBy: "The run also fails without token in the provider block.",
    fixes: [
      forYou(
        `Remove token from the block of provider ${provider}, and keep the exec block.`,
        documentOf(`- token = ${token}`),
      ),
    ],
  };
}
