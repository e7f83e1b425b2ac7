import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn } from "../../derive/failure/error-sources.ts";
import { principalOfArn } from "../../derive/identity/principal.ts";
import { isProviderOf, providerHost } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * What STS dislikes in a web identity token, before any policy is asked.
 * Source: doctor/AWS-CREDENTIALS.md, "Words of AWS".
 */
const NO_PROVIDER = /No OpenIDConnect provider found in your account for (https?:\/\/[^\s"”]+)/;
const WRONG_AUDIENCE = /Incorrect token audience/;
const TOO_OLD = /Token expired: current date\/time|ExpiredTokenException: Token expired/;
const NO_KEYS = /Couldn't retrieve verification key from your identity provider|IDPCommunicationError/;
const ANY = /InvalidIdentityToken(?:Exception)?\b/;

export const stsIdentityTokenRefused = defineLegacyRule({
  code: "sts-identity-token-refused",
  stage: "trust",
  causes: ["S4"],
  expects: "the account knows the issuer of the ID token, and the token is fresh",
  needs: ["errorSources"],
  judge(facts) {
    const shown = noProvider(facts) ?? wrongAudience(facts) ?? tooOld(facts) ?? noKeys(facts) ?? other(facts);
    if (shown === undefined) return [];
    const { refusal, summary, fixes } = shown;
    const { quote: _, said, ...sureness } = refusal;
    return [
      {
        cause: "S4",
        stage: "trust",
        ...sureness,
        summary,
        evidence: [said, ...providers(facts)],
        falsifiedBy: "STS gives credentials for a fresh ID token of the same issuer.",
        fixes,
      },
    ];
  },
});

interface Shown {
  readonly refusal: CredentialError;
  readonly summary: string;
  readonly fixes: readonly Fix[];
}

function noProvider(facts: Facts): Shown | undefined {
  const refusal = refusalIn(facts, NO_PROVIDER);
  if (refusal === undefined) return undefined;
  const issuer = refusal.quote.match[1]?.replace(/(?<![.\\/])[.\\/]+$/, "") ?? "ISSUER";
  const account = accountOf(facts);
  return {
    refusal,
    summary: `Account ${account} has no OpenID Connect provider for ${issuer}.`,
    fixes: [
      {
        audience: "iam-admin",
        description: `Make the provider in account ${account}, with exactly this URL.`,
        actions: [
          aws("iam create-open-id-connect-provider", {
            url: issuer,
            "client-id-list": [audience(facts, issuer)],
          }),
        ],
      },
    ],
  };
}

function wrongAudience(facts: Facts): Shown | undefined {
  const refusal = refusalIn(facts, WRONG_AUDIENCE);
  if (refusal === undefined) return undefined;
  const issuer = facts.vouch?.server ?? facts.exec?.server ?? "https://ISSUER";
  const arn = `arn:aws:iam::${accountOf(facts)}:oidc-provider/${issuer.replace(/^https?:\/\//, "")}`;
  return {
    refusal,
    summary: `The OpenID Connect provider for ${issuer} does not list the token's audience.`,
    fixes: [
      {
        audience: "iam-admin",
        description: "Add the audience to the provider.",
        actions: [
          aws("iam add-client-id-to-open-id-connect-provider", {
            // As an option of its own, version 1 of the CLI would fetch the address.
            "cli-input-json": JSON.stringify({
              OpenIDConnectProviderArn: arn,
              ClientID: audience(facts, issuer),
            }),
          }),
        ],
      },
    ],
  };
}

function tooOld(facts: Facts): Shown | undefined {
  const refusal = refusalIn(facts, TOO_OLD);
  if (refusal === undefined) return undefined;
  const { vouch, exec, credentials } = facts;
  return {
    refusal,
    summary: "The ID token is too old for STS.",
    fixes: [
      isFromVouch(credentials)
        ? {
            audience: "you",
            description: "Log in again; if it stays, compare the clocks.",
            actions: [kubectl("vouch login", { server: vouch?.server ?? exec?.server }), run("date", "-u")],
          }
        : {
            audience: "you",
            description: "Fetch a new ID token in the same job step that uses it; compare the clocks.",
            actions: [run("date", "-u")],
          },
    ],
  };
}

function noKeys(facts: Facts): Shown | undefined {
  const refusal = refusalIn(facts, NO_KEYS);
  if (refusal === undefined) return undefined;
  const issuer = facts.vouch?.server ?? facts.exec?.server ?? "https://ISSUER";
  return {
    refusal,
    summary: `AWS cannot fetch the keys of ${issuer}, with which the ID token is signed.`,
    fixes: [
      {
        audience: "iam-admin",
        description:
          "Let the issuer's discovery document and keys be read from the internet, without a login.",
        actions: [run("curl", "-sS", {}, `${issuer}/.well-known/openid-configuration`)],
      },
    ],
  };
}

function other(facts: Facts): Shown | undefined {
  const refusal = refusalIn(facts, ANY);
  return refusal === undefined
    ? undefined
    : {
        refusal: { ...refusal, confidence: refusal.confidence === "certain" ? "likely" : refusal.confidence },
        summary: "STS does not accept the ID token itself, whatever the role trusts.",
        fixes: [
          {
            audience: "iam-admin",
            description: "Compare the token's claims with the provider.",
            actions: [aws("iam list-open-id-connect-providers")],
          },
        ],
      };
}

/** What the account's list of providers says, where it is known. */
function providers({ evidence, vouch }: Facts): string[] {
  const list = knownValue(evidence.openIdConnectProviders)?.OpenIDConnectProviderList;
  if (list === undefined || vouch === undefined) return [];
  const hosts = list.map(({ Arn }) => providerHost(Arn));
  return hosts.some((host) => isProviderOf(host, vouch.server))
    ? []
    : [`The account's providers are ${hosts.join(", ") || "none at all"}.`];
}

/** Vouch's tokens have the issuer for audience. Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS". */
function audience({ credentials }: Facts, issuer: string): string {
  return isFromVouch(credentials) ? issuer : "AUDIENCE";
}

function accountOf({ exec, credentials }: Facts): string {
  const arn = exec?.via[0] ?? exec?.role ?? credentials?.chain[0]?.settings["role_arn"] ?? "";
  return principalOfArn(arn)?.account ?? "ACCOUNT";
}
