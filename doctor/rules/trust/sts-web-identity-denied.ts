import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { trustPolicy } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust } from "../../fixes/trust-fix.ts";
import { webIdentityGaps } from "../../fixes/web-identity-trust.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const DENIED = /Not authorized to perform:? sts:AssumeRoleWithWebIdentity/i;

export const stsWebIdentityDenied = defineLegacyRule({
  code: "sts-web-identity-denied",
  stage: "trust",
  causes: ["S3"],
  expects: "the role trusts the ID token: its issuer, its audience, its subject",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, DENIED);
    if (refusal === undefined) return [];
    const { quote, said, ...sureness } = refusal;
    const [named] = /arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(quote.line) ?? [];
    const roleArn = named ?? facts.exec?.via[0] ?? facts.exec?.role ?? profileRole(facts);
    const server = facts.vouch?.server ?? facts.exec?.server;
    return [
      {
        cause: "S3",
        stage: "trust",
        ...sureness,
        summary: `Role ${roleArn ?? "ROLE"} does not trust ${
          server === undefined
            ? "the web identity token"
            : `the ID token of ${facts.vouch?.identity ?? "you"} from ${server}`
        }.`,
        evidence: [said, ...gaps(facts, roleArn)],
        falsifiedBy:
          "The trust policy's provider, and its conditions on aud and sub, fit the claims of the token.",
        fixes: fixes(facts, roleArn ?? "ROLE_ARN"),
      },
    ];
  },
});

function profileRole({ credentials }: Facts): string | undefined {
  return credentials?.chain.find(({ settings }) => settings["role_arn"] !== undefined)?.settings["role_arn"];
}

/** What the trust policy lacks for a Vouch token, where both are known. */
function gaps({ evidence, vouch }: Facts, roleArn: string | undefined): string[] {
  const role = knownValue(evidence.role)?.Role;
  if (role === undefined || roleArn === undefined || !isSamePrincipal(role.Arn, roleArn)) return [];
  const statements = trustPolicy(role);
  return statements === undefined || vouch === undefined ? [] : webIdentityGaps(statements, vouch);
}

function fixes({ vouch, exec, credentials }: Facts, roleArn: string): Fix[] {
  if (isFromVouch(credentials)) {
    const addition = vouchTrust(roleArn, {
      server: vouch?.server ?? exec?.server,
      identity: vouch?.identity,
    });
    return [trustFix(roleArn, "Let the role trust the Vouch server.", addition)];
  }
  return [
    trustFix(roleArn, "Let the conditions fit the claims of the token (aud, and sub in its exact form).", {
      Effect: "Allow",
      Principal: { Federated: "PROVIDER_ARN" },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: { "ISSUER_HOST:aud": "AUDIENCE" },
        StringLike: { "ISSUER_HOST:sub": "SUBJECT" },
      },
    }),
  ];
}
