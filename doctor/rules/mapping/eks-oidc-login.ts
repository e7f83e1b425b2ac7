import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import { type OidcProvider, oidcProviders } from "../../derive/authorization/oidc-prefixes.ts";
import type { Facts } from "../../derive/facts.ts";
import { flagValue } from "../../derive/kubeconfig/command-words.ts";
import { authFailureConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { aws, structure } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * A login by ID token (kubelogin and its like) against the cluster's OIDC providers. What is in the token itself is not in the
 * evidence: an expired token, a claim that is asked for, an unverified e-mail address stay unknown.
 *
 * Source: doctor/EKS-ACCESS.md, "Other ways in".
 */
export const eksOidcLogin = defineLegacyRule({
  code: "eks-oidc-login",
  stage: "mapping",
  causes: ["R9"],
  expects: "the cluster trusts the issuer and the client id with which the exec plugin logs in",
  needs: ["exec"],
  judge(facts) {
    const { exec, evidence } = facts;
    const issuer = flagValue(exec.args, "--oidc-issuer-url");
    const client = flagValue(exec.args, "--oidc-client-id");
    const providers = oidcProviders(evidence);
    const confidence = authFailureConfidence(facts);
    if (issuer === undefined || providers === undefined || confidence === undefined) return [];
    const reason = faultOf({ issuer, client }, providers);
    if (reason === undefined) return [];
    const finding: LegacyFinding = {
      cause: "R9",
      stage: "mapping",
      severity: "error",
      confidence,
      summary: reason,
      evidence: [
        `The exec block logs in at ${issuer}${client === undefined ? "" : ` as client ${client}`}.`,
        `The cluster's OIDC providers are ${providers.map(sayProvider).join("; ") || "none"}.`,
      ],
      falsifiedBy: "People who log in through IAM fail in the same way.",
      fixes: fixes(facts, { issuer, client }, providers),
    };
    return [finding];
  },
});

interface Login {
  readonly issuer: string;
  readonly client: string | undefined;
}

function faultOf({ issuer, client }: Login, providers: readonly OidcProvider[]): string | undefined {
  const same = providers.filter(({ issuerUrl }) => issuerUrl === issuer);
  if (same.length === 0) {
    const near = providers.find(({ issuerUrl }) => bare(issuerUrl) === bare(issuer));
    return near === undefined
      ? `The cluster trusts no OIDC issuer ${issuer}.`
      : `The cluster trusts the OIDC issuer ${near.issuerUrl}, which is not ${issuer}, letter by letter.`;
  }
  const fitting = same.filter(({ clientId }) => client === undefined || clientId === client);
  const [first] = same;
  if (fitting.length === 0)
    return `The cluster expects tokens for client ${first?.clientId}, and the exec block asks for ${client}.`;
  const pending = fitting.find(({ status }) => status !== "" && status !== "ACTIVE");
  return pending === undefined
    ? undefined
    : `The OIDC provider ${pending.name} is ${pending.status}, not yet ACTIVE.`;
}

function bare(url: string): string {
  return url.toLowerCase().replace(/(?<!\/)\/+$/, "");
}

function sayProvider({ name, issuerUrl, clientId, status }: OidcProvider): string {
  return `${name} (${issuerUrl}, client ${clientId}, ${status})`;
}

function fixes(
  facts: Facts,
  { issuer, client = "CLIENT_ID" }: Login,
  providers: readonly OidcProvider[],
): Fix[] {
  const { cluster, region } = commandTarget(facts);
  const here = { "cluster-name": cluster, region };
  const pending = providers.find(({ issuerUrl, status }) => issuerUrl === issuer && status === "CREATING");
  if (pending !== undefined) {
    const provider = structure({ type: "oidc", name: pending.name });
    return [
      {
        audience: "you",
        description: "Wait until it is ACTIVE; that takes some minutes.",
        actions: [
          aws("eks describe-identity-provider-config", {
            ...here,
            "identity-provider-config": provider,
          }),
        ],
      },
    ];
  }
  const config = structure({
    identityProviderConfigName: "vouch-oidc",
    issuerUrl: issuer,
    clientId: client,
  });
  return [
    {
      audience: "cluster-admin",
      description:
        "Associate this issuer and client with the cluster, or correct the exec block's --oidc-issuer-url and --oidc-client-id.",
      actions: [aws("eks associate-identity-provider-config", { ...here, oidc: config })],
    },
  ];
}
