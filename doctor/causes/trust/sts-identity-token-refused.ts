import { aws, kubectl, run } from "../../../token/command/command.ts";
import { showTime } from "../../../token/command/tasks.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { isProviderOf, providerHost } from "../../derive/identity/trust-policy.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { forIamAdmin, forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { askedRole } from "../shared/role-words.ts";

/** One reason for STS to reject a web identity token before it evaluates any policy. */
interface Reason {
  readonly pattern: RegExp;
  readonly describe: (facts: Facts, error: CredentialError) => Pick<Description, "summary" | "fixes">;
}

/** The plainest comes last. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const REASONS: readonly Reason[] = [
  {
    pattern: /No OpenIDConnect provider found in your account for (https?:\/\/[^\s"”]+)/,
    describe: noProvider,
  },
  { pattern: /Incorrect token audience/, describe: wrongAudience },
  { pattern: /Token expired: current date\/time|ExpiredTokenException: Token expired/, describe: tooOld },
  {
    pattern: /Couldn't retrieve verification key from your identity provider|IDPCommunicationError/,
    describe: noKeys,
  },
];

const ANY: Reason = { pattern: /InvalidIdentityToken(?:Exception)?\b/, describe: other };

export const stsIdentityTokenRefused = defineRule({
  cause: {
    id: "S4",
    what: "The account does not have an OIDC provider for the ID token's issuer, or the token has expired.",
    seen: "InvalidIdentityToken, ExpiredTokenException",
    remedy:
      "IAM admin: if the issuer is yours, create its OIDC provider in the account, with exactly this URL.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
  },
  expects: "the account has an OIDC provider for the ID token's issuer, and the token is fresh",
  needs: ["credentialErrors"],
  check({ credentialErrors }) {
    for (const reason of [...REASONS, ANY]) {
      const error = credentialErrors.match(reason.pattern);
      if (error === undefined) continue;
      const confidence = reason === ANY ? minConfidence(error.confidence, "likely") : error.confidence;
      return found(
        errorConclusion({ ...error, confidence }, (facts) => ({
          ...reason.describe(facts, error),
          evidence: [describeProviders(facts)],
          falsifiedBy: "STS issues credentials for a fresh ID token from the same issuer.",
        })),
      );
    }
    return passed;
  },
});

function noProvider(facts: Facts, { quote }: CredentialError) {
  const issuer = quote.match[1]?.replace(/(?<![.\\/])[.\\/]+$/, "") ?? "ISSUER";
  const account = accountOf(facts);
  return {
    summary: `Account ${account} does not have an OIDC provider for ${issuer}.`,
    fixes: [
      forIamAdmin(
        `If this is your identity provider, create it in account ${account} with exactly this URL.`,
        aws("iam create-open-id-connect-provider", {
          url: issuer,
          "client-id-list": [audience(facts, issuer)],
        }),
      ),
    ],
  };
}

function wrongAudience(facts: Facts) {
  const issuer = issuerOf(facts);
  const arn = `arn:aws:iam::${accountOf(facts)}:oidc-provider/${issuer.replace(/^https?:\/\//, "")}`;
  // If the address were an option of its own, version 1 of the CLI would fetch it.
  const input = { OpenIDConnectProviderArn: arn, ClientID: audience(facts, issuer) };
  return {
    summary: `The OIDC provider for ${issuer} does not list the token's audience.`,
    fixes: [
      forIamAdmin(
        "Add the audience to the provider.",
        aws("iam add-client-id-to-open-id-connect-provider", { "cli-input-json": JSON.stringify(input) }),
      ),
    ],
  };
}

function tooOld({ vouch, exec, credentials }: Facts) {
  const login = kubectl("vouch login", { server: vouch?.server ?? exec?.server });
  const date = showTime();
  return {
    summary: "The ID token has expired, so STS rejects it.",
    fixes: [
      isFromVouch(credentials)
        ? forYou("Log in again; if that does not help, check the clock of this machine.", login, date)
        : forYou(
            "Fetch a new ID token in the same job step that uses it, and check the clock of the machine.",
            date,
          ),
    ],
  };
}

function noKeys(facts: Facts) {
  const issuer = issuerOf(facts);
  return {
    summary: `AWS cannot fetch the keys of ${issuer} that sign the ID token.`,
    fixes: [
      forIamAdmin(
        "Make the issuer's discovery document and keys readable from the internet without a login.",
        run("curl", "-sS", {}, `${issuer}/.well-known/openid-configuration`),
      ),
    ],
  };
}

function other() {
  return {
    summary: "STS rejects the ID token itself, regardless of the role's trust policy.",
    fixes: [
      forIamAdmin("Compare the token's claims with the provider.", aws("iam list-open-id-connect-providers")),
    ],
  };
}

/** What the account's list of providers shows, if known. */
function describeProviders({ evidence, vouch }: Facts): string | undefined {
  const list = knownValue(evidence.openIdConnectProviders)?.OpenIDConnectProviderList;
  if (list === undefined || vouch === undefined) return undefined;
  const hosts = list.map(({ Arn }) => providerHost(Arn));
  if (hosts.some((host) => isProviderOf(host, vouch.server))) return undefined;
  return `OIDC providers in the account: ${hosts.join(", ") || "none"}.`;
}

function issuerOf({ vouch, exec }: Facts): string {
  return vouch?.server ?? exec?.server ?? "https://ISSUER";
}

/** The audience of Vouch's tokens is their issuer. Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS". */
function audience({ credentials }: Facts, issuer: string): string {
  return isFromVouch(credentials) ? issuer : "AUDIENCE";
}

function accountOf(facts: Facts): string {
  return principalOfArn(askedRole(facts) ?? "")?.account ?? "ACCOUNT";
}
