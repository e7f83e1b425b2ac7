import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { trustPolicy } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust } from "../../fixes/trust-fix.ts";
import { webIdentityGaps } from "../../fixes/web-identity-trust.ts";
import { defineErrorRule } from "../shared/error-rule.ts";
import { refusedRole } from "../shared/refused-role.ts";

export const stsWebIdentityDenied = defineErrorRule({
  causes: [
    {
      id: "S3",
      what: "The claims of the identity token do not match the role's trust policy.",
      seen: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    },
  ],
  expects: "the role trusts the ID token: its issuer, its audience, its subject",
  // Source: doctor/AWS-CREDENTIALS.md, "Words of AWS".
  pattern: /Not authorized to perform:? sts:AssumeRoleWithWebIdentity/i,
  describe({ quote }, facts) {
    const { vouch, exec } = facts;
    const roleArn = refusedRole(quote.line, facts);
    const server = vouch?.server ?? exec?.server;
    const token =
      server === undefined
        ? "the web identity token"
        : `the ID token of ${vouch?.identity ?? "you"} from ${server}`;
    return {
      summary: `Role ${roleArn ?? "ROLE"} does not trust ${token}.`,
      evidence: gaps(facts, roleArn),
      falsifiedBy:
        "The trust policy's provider, and its conditions on aud and sub, fit the claims of the token.",
      fixes: [trust(facts, roleArn ?? "ROLE_ARN")],
    };
  },
});

/** What the trust policy lacks for a Vouch token, if both are known. */
function gaps({ evidence, vouch }: Facts, roleArn: string | undefined): string[] {
  const role = knownValue(evidence.role)?.Role;
  if (role === undefined || roleArn === undefined || !isSamePrincipal(role.Arn, roleArn)) return [];
  const statements = trustPolicy(role);
  return statements === undefined || vouch === undefined ? [] : webIdentityGaps(statements, vouch);
}

function trust({ vouch, exec, credentials }: Facts, roleArn: string): Fix {
  if (isFromVouch(credentials)) {
    const server = vouch?.server ?? exec?.server;
    const addition = vouchTrust(roleArn, { server, identity: vouch?.identity });
    return trustFix(roleArn, "Let the role trust the Vouch server.", addition);
  }
  return trustFix(
    roleArn,
    "Fit the conditions to the claims of the token (aud, and sub in its exact form).",
    {
      Effect: "Allow",
      Principal: { Federated: "PROVIDER_ARN" },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: { "ISSUER_HOST:aud": "AUDIENCE" },
        StringLike: { "ISSUER_HOST:sub": "SUBJECT" },
      },
    },
  );
}
