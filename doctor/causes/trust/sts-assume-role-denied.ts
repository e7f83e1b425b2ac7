import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { globCovers } from "../../../token/text/glob.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { denyingPolicy, describeDenyingPolicy } from "../../derive/failure/error-sources.ts";
import {
  type AssumeRoleRefusal,
  allowsAction,
  assumeRoleRefusal,
  trustPolicy,
} from "../../derive/identity/trust-policy.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";
import { trustFix } from "../../fixes/trust-fix.ts";
import { WHO_AM_I } from "../shared/caller-words.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { absenceOf, describeAbsentRole } from "../shared/role-words.ts";
import { suspectedCredentials } from "../shared/suspected.ts";

export const stsAssumeRoleDenied = defineRule({
  cause: {
    id: "S1",
    what: "The role does not trust the caller, or the caller is not allowed to assume it.",
    seen: "AccessDenied … sts:AssumeRole",
    remedy: "IAM admin: make the role's trust policy allow the caller, and allow the caller sts:AssumeRole.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html#troubleshoot_roles_cant-assume-role",
  },
  expects: "the caller is allowed to assume the role, and the role trusts the caller",
  needs: ["credentialErrors"],
  check({ credentialErrors }) {
    const denied = assumeRoleRefusal(credentialErrors);
    if (denied === undefined || isSamePrincipal(denied.caller.arn, denied.roleArn)) return passed;
    return found(errorConclusion(denied.error, (facts) => describe(facts, denied)));
  },
  suspected: {
    credentials: suspectedCredentials(
      ["S1", "S2", "S3", "S5"],
      {
        summary: "The caller is not allowed to assume the role set in the exec block or the profile.",
        confirmedBy: sentence`${WHO_AM_I} works without the role but fails with it.`,
      },
      { words: /AccessDenied|not authorized to perform/, text: "AWS returned AccessDenied." },
    ),
  },
});

function describe(facts: Facts, denied: AssumeRoleRefusal): Description {
  const { caller, role, roleArn, error } = denied;
  // IAM is queried in the caller's account.
  const absence = caller.account === role.account ? absenceOf(facts, roleArn) : undefined;
  if (absence !== undefined) return describeAbsentRole(roleArn, absence);
  const accounts = `The caller and the role are in different accounts (${caller.account}, ${role.account}), so both sides must allow it.`;
  return {
    summary: `${caller.canonicalArn} is not allowed to assume ${roleArn}${describeDenyingPolicy(denyingPolicy(error.quote.line))}.`,
    evidence: [caller.account === role.account ? undefined : accounts, describeTrust(facts, denied)],
    falsifiedBy: sentence`${aws("sts assume-role", { "role-arn": roleArn, "role-session-name": "test" })}, run as the caller, returns credentials.`,
    fixes: fixes(facts, denied),
  };
}

/** What the role's trust policy allows this caller, if it can be read. */
function describeTrust(
  { evidence }: Facts,
  { caller, roleArn, role }: AssumeRoleRefusal,
): string | undefined {
  const target = knownValue(evidence.role)?.Role;
  const statements =
    target !== undefined && isSamePrincipal(target.Arn, roleArn) ? trustPolicy(target) : undefined;
  if (statements === undefined) return undefined;
  const accounts = [caller.account, `arn:${caller.partition}:iam::${caller.account}:root`, "*"];
  const naming = statements.filter(
    (statement) =>
      allowsAction(statement, "sts:AssumeRole") &&
      statement.aws.some(
        (arn) => accounts.includes(arn) || isSamePrincipal(arn, caller.arn) || globCovers(arn, caller.arn),
      ),
  );
  const policy = `The trust policy of ${role.name}`;
  if (naming.length === 0) return `${policy} includes neither the caller nor its account.`;
  const keys = naming.flatMap(({ conditions }) =>
    conditions.map(({ operator, key }) => `${operator} ${key}`),
  );
  return keys.length === 0
    ? `${policy} includes the caller, so the caller's own permission is missing.`
    : `${policy} includes the caller, but with conditions: ${keys.join(", ")}.`;
}

function fixes({ credentials }: Facts, { caller, role, roleArn, error }: AssumeRoleRefusal): Fix[] {
  const actions = isFromVouch(credentials)
    ? ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    : ["sts:AssumeRole"];
  const denial = error.quote.line;
  const grant = grantInIam({
    principal: caller,
    policyName: `assume-${role.name}`,
    actions,
    resource: roleArn,
    denial,
    description: `Allow ${caller.name} to assume the role.`,
  });
  if (denyingPolicy(denial) !== undefined) return [grant];
  return [
    trustFix(
      roleArn,
      `Allow the caller in the trust policy of ${role.name} (with the path of its ARN, if it has one).`,
      {
        Effect: "Allow",
        Principal: { AWS: caller.canonicalArn },
        Action: actions,
      },
    ),
    grant,
  ];
}
