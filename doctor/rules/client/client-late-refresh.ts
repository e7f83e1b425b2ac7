import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { EKS_TOKEN_LIFE_MS } from "../../derive/kubeconfig/static-token.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** client-go asks the plugin again only after a 401, unless the plugin named an end that comes before the real one. */
export const clientLateRefresh = defineLegacyRule({
  code: "client-late-refresh",
  stage: "client",
  causes: ["T13"],
  expects: "the plugin names an end of its token that comes before the real one",
  needs: ["pluginRun", "symptom"],
  judge(facts) {
    const { pluginRun, symptom, client, exec } = facts;
    const { credential } = pluginRun;
    const recovers = knownValue(facts.evidence.apiServer)?.status === 200;
    if (symptom.kind !== "unauthorized" || !canCause401(facts) || credential === undefined || !recovers)
      return [];
    const isLong = client?.runSeconds === undefined || client.runSeconds * 1000 >= EKS_TOKEN_LIFE_MS;
    const end = named(credential.expirationTimestamp);
    const real = realEnd(facts);
    const isLate = end !== undefined && real !== undefined && end > real;
    if (!isLong || (end !== undefined && !isLate) || (client?.runSeconds === undefined && end === undefined))
      return [];
    return [
      {
        cause: "T13",
        stage: "client",
        severity: "error",
        confidence: client?.runSeconds === undefined ? "possible" : "likely",
        inferred: true,
        summary: `A process that lives on is refused once for each token: ${exec?.program ?? "the plugin"} ${end === undefined ? "names no end of its token" : "names an end that is too late"}, so the client asks anew only after a 401.`,
        evidence: [
          end === undefined
            ? "The ExecCredential has no expirationTimestamp."
            : `expirationTimestamp is ${credential.expirationTimestamp}, the token ends at ${new Date(real ?? end).toISOString()}.`,
          ...(client?.runSeconds === undefined
            ? []
            : [`${client.name} had been running for ${Math.floor(client.runSeconds / 60)} minutes.`]),
          "A fresh token is accepted now.",
        ],
        falsifiedBy: "The call after the refused one is refused too.",
        fixes: [
          {
            audience: "you",
            description:
              "Use a plugin that names an end before the real one (AWS CLI, aws-iam-authenticator and kubectl-vouch: 14 minutes).",
          },
        ],
      },
    ];
  },
});

function named(timestamp: string | undefined): number | undefined {
  const end = Date.parse(timestamp ?? "");
  return Number.isNaN(end) ? undefined : end;
}

/** 15 minutes after it was signed, or the end of its credentials. */
function realEnd({ token }: Facts): number | undefined {
  const signed = named(token?.signedAt);
  const ends = [named(token?.endsAt), signed === undefined ? undefined : signed + EKS_TOKEN_LIFE_MS];
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
