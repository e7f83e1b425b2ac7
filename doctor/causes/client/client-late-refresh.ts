import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { outlivesToken } from "../../derive/client/client-kind.ts";
import { acceptsToken } from "../../derive/failure/symptom.ts";
import { EKS_TOKEN_LIFE_MS } from "../../derive/kubeconfig/static-token.ts";
import type { TokenFacts } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/** client-go runs the plugin again only after a 401, unless the plugin reported an expiry before the real one. */
export const clientLateRefresh = defineRule({
  cause: {
    id: "T13",
    what: "The plugin reports an expiry later than the real one, so one call fails before each renewal.",
    seen: "one 401 per token lifetime",
    remedy: "Use a plugin that reports an expiration before the real one.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the plugin reports an expirationTimestamp before the token's real expiry",
  needs: ["symptom", "pluginRun"],
  check({ symptom, pluginRun: { credential } }, seen) {
    if (symptom.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    if (credential === undefined) return doesNotApply("the plugin did not return a credential");
    const named = time(credential.expirationTimestamp);
    const real = named === undefined ? undefined : realExpiry(seen.token);
    if (named !== undefined && (real === undefined || named <= real)) return passed;
    const { client } = seen;
    const isKnown = client?.runSeconds !== undefined;
    if (isKnown ? !outlivesToken(client) : named === undefined)
      return doesNotApply("the client is not known to have run longer than a token is valid");
    if (!acceptsToken(seen.evidence)) return doesNotApply("a fresh token is not accepted either");
    return found({
      confidence: isKnown ? "likely" : "possible",
      inferred: true,
      describe: ({ exec }) => ({
        summary: `${exec?.program ?? "The plugin"} reports ${named === undefined ? "no expiry" : "an expiry that is too late"}, so long-running clients renew a token only after a 401.`,
        evidence: [
          named === undefined
            ? "The ExecCredential does not contain an expirationTimestamp."
            : `expirationTimestamp is ${credential.expirationTimestamp}, but the token expires at ${new Date(real ?? named).toISOString()}.`,
          client?.runSeconds !== undefined &&
            `${client.name} had been running for ${Math.floor(client.runSeconds / 60)} minutes.`,
          "A fresh token is now accepted.",
        ],
        falsifiedBy: "The call after the rejected one is also rejected.",
        fixes: [
          forYou(
            "Use a plugin that reports an expiry before the real one (AWS CLI, aws-iam-authenticator and kubectl-vouch: 14 minutes).",
          ),
        ],
      }),
    });
  },
});

function time(timestamp: string | undefined): number | undefined {
  const ms = Date.parse(timestamp ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** 15 minutes after signing, or when its credentials expire. */
function realExpiry(token: TokenFacts | undefined): number | undefined {
  const signed = time(token?.signedAt);
  const known = [time(token?.endsAt), signed === undefined ? undefined : signed + EKS_TOKEN_LIFE_MS].filter(
    (end) => end !== undefined,
  );
  return known.length === 0 ? undefined : Math.min(...known);
}
