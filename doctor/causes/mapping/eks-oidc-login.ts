import { aws, structure } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { flagValue } from "../../derive/kubeconfig/command-words.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import { type OidcProvider, oidcProviders } from "../../eks/rbac/oidc-prefixes.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { failsWithout } from "../shared/refuted.ts";

/**
 * Checks a login by ID token (kubelogin and similar plugins) against the cluster's OIDC providers. The evidence does not contain
 * the token's contents, so an expired token, a required claim or an unverified e-mail address remain unknown.
 *
 * Source: doctor/EKS-ACCESS.md, "Other ways in".
 */
export const eksOidcLogin = defineRule({
  cause: {
    id: "R9",
    what: "The cluster rejects the OIDC token because of its audience, issuer, claims or age.",
    seen: "401 for an OIDC user",
    remedy:
      "Cluster admin: associate the OIDC issuer and client with the cluster, or correct the exec block.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html",
  },
  expects: "the cluster trusts the issuer and client ID that the exec plugin logs in with",
  needs: ["authFailureConfidence", "exec"],
  check({ authFailureConfidence: confidence, exec }, seen) {
    const issuer = flagValue(exec.args, "--oidc-issuer-url");
    if (issuer === undefined) return doesNotApply("the exec block does not specify an OIDC issuer");
    const login: Login = { issuer, client: flagValue(exec.args, "--oidc-client-id") };
    const providers = oidcProviders(seen.evidence);
    if (providers === undefined) return cannotTell("identityProviders");
    const fault = faultOf(login, providers);
    if (fault === undefined) return passed;
    return found({
      confidence,
      describe: ({ target }) => ({
        summary: fault,
        evidence: [
          `The exec block logs in to ${issuer}${login.client === undefined ? "" : ` as client ${login.client}`}.`,
          `The cluster's OIDC providers: ${providers.map(sayProvider).join("; ") || "none"}.`,
        ],
        falsifiedBy: "Users who authenticate through IAM get the same error.",
        fixes: [fixFor(target, login, providers)],
      }),
    });
  },
  refuted: (seen) => failsWithout(seen, ({ callerIdentity }) => callerIdentity !== undefined),
  suspected: {
    unauthorized: {
      causes: ["R9"],
      suspicion: ({ principal, exec, target }) => {
        if (principal !== undefined || exec === undefined || exec.tool !== "other") return undefined;
        return {
          summary: `Cluster ${target.cluster} rejects the identity provider's token because of its audience, issuer, claims or age.`,
          hints: [`The token comes from ${exec.command}, which is not an AWS tool.`],
          audience: "cluster-admin",
          confirmedBy: sentence`${aws("eks list-identity-provider-configs", { "cluster-name": target.cluster, region: target.region })} shows what the cluster expects, which differs from the claims in the token.`,
        };
      },
    },
  },
});

interface Login {
  readonly issuer: string;
  readonly client: string | undefined;
}

function faultOf({ issuer, client }: Login, providers: readonly OidcProvider[]): string | undefined {
  const same = providers.filter(({ issuerUrl }) => issuerUrl === issuer);
  const [first] = same;
  if (first === undefined) {
    const near = providers.find(({ issuerUrl }) => bare(issuerUrl) === bare(issuer));
    return near === undefined
      ? `The cluster does not trust OIDC issuer ${issuer}.`
      : `The cluster trusts OIDC issuer ${near.issuerUrl}, which does not exactly match ${issuer}.`;
  }
  const fitting = same.filter(({ clientId }) => client === undefined || clientId === client);
  if (fitting.length === 0)
    return `The cluster expects tokens for client ${first.clientId}, but the exec block requests client ${client}.`;
  const pending = fitting.find(({ status }) => status !== "" && status !== "ACTIVE");
  return pending && `OIDC provider ${pending.name} is ${pending.status}, not ACTIVE yet.`;
}

function bare(url: string): string {
  return url.toLowerCase().replace(/(?<!\/)\/+$/, "");
}

function sayProvider({ name, issuerUrl, clientId, status }: OidcProvider): string {
  return `${name} (${issuerUrl}, client ${clientId}, ${status})`;
}

function fixFor(
  { cluster, region }: EksTarget,
  { issuer, client = "CLIENT_ID" }: Login,
  providers: readonly OidcProvider[],
): Fix {
  const here = { "cluster-name": cluster, region };
  const pending = providers.find(({ issuerUrl, status }) => issuerUrl === issuer && status === "CREATING");
  if (pending !== undefined) {
    const provider = structure({ type: "oidc", name: pending.name });
    return forYou(
      "Wait several minutes until the provider is ACTIVE.",
      aws("eks describe-identity-provider-config", { ...here, "identity-provider-config": provider }),
    );
  }
  const oidc = structure({
    identityProviderConfigName: "vouch-oidc",
    issuerUrl: issuer,
    clientId: client,
  });
  return forClusterAdmin(
    "Associate this issuer and client with the cluster, or correct --oidc-issuer-url and --oidc-client-id in the exec block.",
    aws("eks associate-identity-provider-config", { ...here, oidc }),
  );
}
