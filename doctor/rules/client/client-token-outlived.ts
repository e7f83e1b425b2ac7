import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { EKS_TOKEN_LIFE_MS } from "../../derive/kubeconfig/static-token.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** How programs write a token that they keep: client-go's field, a header, a variable of the shell. */
const KEPT = /\bBearerToken\b|bearer_token|Authorization["']?\s*[:=]|\btoken\s*[:=]|TOKEN=|\.status\.token/;

/** A process that lives long keeps one token for ever: it works for 15 minutes, then never again. */
export const clientTokenOutlived = defineLegacyRule({
  code: "client-token-outlived",
  stage: "client",
  causes: ["T5"],
  expects: "a process that lives longer than a token fetches new ones",
  needs: ["client", "symptom"],
  judge(facts) {
    const { client, symptom, pluginRun, exec } = facts;
    const isLong = (client.runSeconds ?? 0) * 1000 >= EKS_TOKEN_LIFE_MS;
    if (symptom.kind !== "unauthorized" || !canCause401(facts) || !isLong || isTerraform(client)) return [];
    const kept = KEPT.exec(client.configuration ?? "")?.[0];
    const hasNoExpiry =
      pluginRun?.credential !== undefined && pluginRun.credential.expirationTimestamp === undefined;
    const recovers = knownValue(facts.evidence.apiServer)?.status === 200 && hasNoExpiry;
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
  return knownValue(evidence.apiServer)?.status === 200;
}
