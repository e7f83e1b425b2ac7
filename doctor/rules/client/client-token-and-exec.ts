import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { clusterLogins, innerBlock, terraformArgument } from "../../derive/client/terraform-text.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { documentOf } from "../../fixes/fix.ts";

/** A provider block with both a token and an exec block: the token wins, and dies. */
export const clientTokenAndExec = defineLegacyRule({
  code: "client-token-and-exec",
  stage: "client",
  causes: ["T12"],
  expects: "no provider block has a token beside its exec block",
  needs: ["client"],
  judge(facts) {
    const { client, symptom } = facts;
    if (!canCause401(facts)) return [];
    const both = clusterLogins(client.configuration ?? "").filter(
      ({ login }) =>
        terraformArgument(login, "token") !== undefined && innerBlock(login, "exec") !== undefined,
    );
    return both.map(({ provider, login }) => ({
      cause: "T12",
      stage: "client",
      severity: symptom === undefined ? "warning" : "error",
      confidence:
        symptom === undefined || (client.runSeconds !== undefined && client.runSeconds < 900)
          ? "likely"
          : "certain",
      summary: `Provider ${provider} has both token and exec: the token wins, and EKS takes it for 15 minutes only.`,
      evidence: [
        `The provider block has token = ${terraformArgument(login, "token")}.`,
        "The same block has an exec block.",
        ...(client.runSeconds === undefined
          ? []
          : [`The run had taken ${Math.floor(client.runSeconds / 60)} minutes.`]),
      ],
      falsifiedBy: "The run fails in the same way once token is gone from the block.",
      fixes: [
        {
          audience: "you",
          description: `Drop the token from the block of provider ${provider}; the exec block stays.`,
          actions: [documentOf(`- token = ${terraformArgument(login, "token")}`)],
        },
      ],
      explains: ["T1"],
    }));
  },
});
