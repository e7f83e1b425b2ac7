import { defineRule } from "../../check/rule.ts";
import { type Description, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { trustPolicy } from "../../derive/identity/trust-policy.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust } from "../../fixes/trust-fix.ts";
import { webIdentityGaps } from "../../fixes/web-identity-trust.ts";
import { absenceOf, describeAbsentRole } from "../shared/absent-role.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { refusedRole } from "../shared/refused-role.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const DENIED = /Not authorized to perform:? sts:AssumeRoleWithWebIdentity/i;

/** To whoever may not assume it, STS answers the same whether or not the role exists: only IAM tells. */
export const stsWebIdentityDenied = defineRule({
  causes: [
    {
      id: "S3",
      what: "The claims of the identity token do not match the role's trust policy.",
      seen: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    },
  ],
  expects: "the role trusts the ID token: its issuer, its audience, its subject",
  needs: ["credentialErrors"],
  check({ credentialErrors }, seen) {
    const error = credentialErrors.match(DENIED);
    if (error === undefined) return passed;
    const roleArn = refusedRole(error.quote.line, seen);
    const isSeen = absenceOf(seen, roleArn) !== undefined || roleOf(seen, roleArn) !== undefined;
    const confidence = isSeen ? error.confidence : minConfidence(error.confidence, "likely");
    return found(errorConclusion({ ...error, confidence }, (facts) => describe(facts, roleArn)));
  },
});

function describe(facts: Facts, roleArn: string | undefined): Description {
  const { vouch, exec } = facts;
  const absence = absenceOf(facts, roleArn);
  if (absence !== undefined && roleArn !== undefined) return describeAbsentRole(roleArn, absence);
  const server = vouch?.server ?? exec?.server;
  const token =
    server === undefined
      ? "the web identity token"
      : `the ID token of ${vouch?.identity ?? "you"} from ${server}`;
  return {
    summary: `Role ${roleArn ?? "ROLE"} does not trust ${token}.`,
    evidence: gaps(facts, roleArn),
    falsifiedBy:
      "There is no role with exactly this name; or the trust policy's provider, and its conditions on aud and sub, fit the claims of the token.",
    fixes: [trust(facts, roleArn ?? "ROLE_ARN")],
  };
}

function roleOf({ evidence }: Facts, roleArn: string | undefined) {
  const role = knownValue(evidence.role)?.Role;
  return role !== undefined && roleArn !== undefined && isSamePrincipal(role.Arn, roleArn) ? role : undefined;
}

/** What the trust policy lacks for a Vouch token, if both are known. */
function gaps(facts: Facts, roleArn: string | undefined): string[] {
  const { vouch } = facts;
  const role = roleOf(facts, roleArn);
  const statements = role && trustPolicy(role);
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
