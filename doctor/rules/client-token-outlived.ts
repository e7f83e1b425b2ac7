import { known } from "../evidence.ts";
import { isTerraform } from "../facts/client-kind.ts";
import type { Facts } from "../facts/facts.ts";
import { canBeRefused } from "../facts/startup.ts";
import { EKS_TOKEN_LIFE_MS } from "../facts/static-token.ts";
import { type Confidence, defineRule } from "../rule.ts";

/** How programs write a token that they keep: client-go's field, a header, a variable of the shell. */
const KEPT = /\bBearerToken\b|bearer_token|Authorization["']?\s*[:=]|\btoken\s*[:=]|TOKEN=|\.status\.token/;

/** A process that lives long keeps one token for ever: it works for 15 minutes, then never again. */
export const clientTokenOutlived = defineRule({
  code: "client-token-outlived",
  causes: ["T5"],
  expects: "a process that lives longer than a token fetches new ones",
  needs: ["client", "symptom"],
  judge(facts) {
    const { client, symptom, pluginRun, exec } = facts;
    const isLong = (client.runSeconds ?? 0) * 1000 >= EKS_TOKEN_LIFE_MS;
    if (symptom.kind !== "unauthorized" || !canBeRefused(facts) || !isLong || isTerraform(client)) return [];
    const kept = KEPT.exec(client.configuration ?? "")?.[0];
    const hasNoExpiry =
      pluginRun?.credential !== undefined && pluginRun.credential.expirationTimestamp === undefined;
    const recovers = known(facts.evidence.apiServer)?.status === 200 && hasNoExpiry;
    if (kept === undefined && (!hasNoExpiry || recovers)) return [];
    const confidence: Confidence = kept !== undefined && works(facts) ? "certain" : "likely";
    return [
      {
        cause: "T5",
        stage: "client",
        severity: "error",
        confidence,
        summary: `${client.name} had been running for ${Math.floor((client.runSeconds ?? 0) / 60)} minutes with one token; EKS takes a token for 15.`,
        evidence: [
          ...(kept === undefined ? [] : [`Its configuration keeps a token (${kept}).`]),
          ...(hasNoExpiry
            ? [`${exec?.program ?? "The plugin"} gives no expirationTimestamp, so clients keep its token.`]
            : []),
          ...(works(facts) ? ["With a fresh token the API server answers 200."] : []),
        ],
        falsifiedBy: "The process is refused in its first 15 minutes too, or recovers by itself.",
        fixes: [
          {
            audience: "you",
            description:
              "Let the process fetch a token when the old one ends: an exec block in its kubeconfig, or the SDK's own refresh. Until then, restart it.",
          },
        ],
        ...(confidence === "certain" ? { explains: ["T9", "E10"] } : { inferred: true }),
      },
    ];
  },
});

function works({ evidence }: Facts): boolean {
  return known(evidence.apiServer)?.status === 200;
}
