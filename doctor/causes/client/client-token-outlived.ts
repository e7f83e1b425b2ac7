import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform, outlivesToken } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { acceptsToken } from "../../derive/failure/symptom.ts";
import type { PluginRun } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/** How programs store a token that they keep: client-go's field, a header, a shell variable. */
const KEPT = /\bBearerToken\b|bearer_token|Authorization["']?\s*[:=]|\btoken\s*[:=]|TOKEN=|\.status\.token/;

/** A long-running process keeps a single token, which stops working after 15 minutes. */
export const clientTokenOutlived = defineRule({
  cause: {
    id: "T5",
    what: "The process has outlived its token and cannot get a new one.",
    seen: "works for 15 minutes, then never again",
    remedy: "Make the process fetch a new token before the old one expires; restart it until then.",
  },
  expects: "a process that outlives its token fetches a new one",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    if (symptom.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    if (!outlivesToken(client))
      return doesNotApply("the client is not known to have run longer than a token is valid");
    if (isTerraform(client)) return doesNotApply("the client is Terraform");
    const kept = KEPT.exec(client.configuration ?? "")?.[0];
    if (kept === undefined && (!hasNoExpiry(seen.pluginRun) || acceptsToken(seen.evidence))) return passed;
    const isCertain = kept !== undefined && acceptsToken(seen.evidence);
    return found({
      confidence: isCertain ? "certain" : "likely",
      ...(isCertain ? { explains: ["T9", "E10"] } : { inferred: true }),
      describe: (facts) => describe(facts, kept),
    });
  },
  suspected: {
    unauthorized: suspectedUnknown(["T5", "T13"], ({ pastedError = "" }) => {
      // kubectl exits before its token expires.
      if (/must be logged in to the server|memcache\.go/.test(pastedError)) return undefined;
      const isWatch = /reflector\.go|[Ff]ailed to (?:watch|list) \*/.test(pastedError);
      return {
        summary:
          "A long-running program still uses a token that has expired; tokens are valid for 15 minutes.",
        hints: isWatch ? ["The error comes from a program that watches the cluster."] : [],
        confirmedBy: "The program works again after a restart.",
      };
    }),
  },
});

/** Clients keep a token without an expiry until a 401. */
function hasNoExpiry(run: PluginRun | undefined): boolean {
  return run?.credential !== undefined && run.credential.expirationTimestamp === undefined;
}

function describe({ client, exec, pluginRun, evidence }: Facts, kept: string | undefined) {
  return {
    summary: `${client?.name} had been running for ${Math.floor((client?.runSeconds ?? 0) / 60)} minutes with one token, but EKS accepts a token for only 15.`,
    evidence: [
      kept !== undefined && `Its configuration stores a token (${kept}).`,
      hasNoExpiry(pluginRun) &&
        `${exec?.program ?? "The plugin"} does not return an expirationTimestamp, so clients keep its token.`,
      acceptsToken(evidence) && "The API server returns 200 for a fresh token.",
    ],
    falsifiedBy: "The process is also rejected in its first 15 minutes, or recovers on its own.",
    fixes: [
      forYou(
        "Make the process fetch a new token before the old one expires, with an exec block in its kubeconfig or the SDK's own refresh. Until then, restart it.",
      ),
    ],
  };
}
