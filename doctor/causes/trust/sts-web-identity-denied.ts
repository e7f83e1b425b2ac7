import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { trustPolicy } from "../../derive/identity/trust-policy.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust, webIdentityGaps } from "../../fixes/trust-fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { absenceOf, describeAbsentRole, refusedRole } from "../shared/role-words.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const DENIED = /Not authorized to perform:? sts:AssumeRoleWithWebIdentity/i;

/** To callers who are not allowed to assume it, STS returns the same error whether or not the role exists; only IAM tells. */
export const stsWebIdentityDenied = defineRule({
  cause: {
    id: "S3",
    what: "The ID token's claims do not match the role's trust policy.",
    seen: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    remedy: "IAM admin: make the role trust the Vouch server.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  },
  expects: "the role trusts the ID token's issuer, audience, and subject",
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
  const whose = vouch?.identity === undefined ? "your ID token" : `the ID token of ${vouch.identity}`;
  const token = server === undefined ? "the web identity token" : `${whose} from ${server}`;
  return {
    summary: `Role ${roleArn ?? "ROLE"} does not trust ${token}.`,
    evidence: gaps(facts, roleArn),
    falsifiedBy:
      "A role with exactly this name does not exist, or the trust policy's provider and its aud and sub conditions match the token's claims.",
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
    return trustFix(roleArn, "Allow the Vouch server in the role's trust policy.", addition);
  }
  return trustFix(
    roleArn,
    "Change the conditions to match the token's claims (aud, and sub in its exact form).",
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
