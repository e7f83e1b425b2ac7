import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { globCovers } from "../../../token/text/glob.ts";
import { defineRule } from "../../check/rule.ts";
import { type Description, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { denyingPolicy, sayDenyingPolicy } from "../../derive/failure/denying-policy.ts";
import { type AssumeRoleRefusal, assumeRoleRefusal } from "../../derive/identity/assume-role-refusal.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { allowsAction, trustPolicy } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { grantInIam } from "../../fixes/iam-grant.ts";
import { trustFix } from "../../fixes/trust-fix.ts";
import { absenceOf, describeAbsentRole } from "../shared/absent-role.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { WHO_AM_I } from "../shared/refused-caller.ts";
import { suspectedCredentials } from "../shared/suspected-credentials.ts";

export const stsAssumeRoleDenied = defineRule({
  causes: [
    {
      id: "S1",
      what: "The role does not trust the caller, or the caller may not assume it.",
      seen: "AccessDenied … sts:AssumeRole",
    },
  ],
  expects: "the caller may assume the role, and the role trusts the caller",
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
        summary: "AWS does not let the caller assume the role that the exec block or the profile names.",
        confirmedBy: sentence`${WHO_AM_I} works without the role, and fails with it.`,
      },
      { words: /AccessDenied|not authorized to perform/, says: "AWS answers AccessDenied." },
    ),
  },
});

function describe(facts: Facts, denied: AssumeRoleRefusal): Description {
  const { caller, role, roleArn, error } = denied;
  // IAM is asked in the caller's account.
  const absence = caller.account === role.account ? absenceOf(facts, roleArn) : undefined;
  if (absence !== undefined) return describeAbsentRole(roleArn, absence);
  const accounts = `The accounts differ (${caller.account}, ${role.account}): both sides must allow it.`;
  return {
    summary: `${caller.canonicalArn} may not assume ${roleArn}${sayDenyingPolicy(denyingPolicy(error.quote.line))}.`,
    evidence: [caller.account === role.account ? undefined : accounts, sayTrust(facts, denied)],
    falsifiedBy: sentence`${aws("sts assume-role", { "role-arn": roleArn, "role-session-name": "test" })}, as the caller, gives credentials.`,
    fixes: fixes(facts, denied),
  };
}

/** What the role's trust policy says about this caller, if it can be read. */
function sayTrust({ evidence }: Facts, { caller, roleArn, role }: AssumeRoleRefusal): string | undefined {
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
  if (naming.length === 0) return `${policy} names neither the caller nor its account.`;
  const keys = naming.flatMap(({ conditions }) =>
    conditions.map(({ operator, key }) => `${operator} ${key}`),
  );
  return keys.length === 0
    ? `${policy} names the caller: what is missing is the caller's own permission.`
    : `${policy} names the caller, under conditions: ${keys.join(", ")}.`;
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
    description: `Let ${caller.name} assume the role.`,
  });
  if (denyingPolicy(denial) !== undefined) return [grant];
  return [
    trustFix(roleArn, `Let ${role.name} trust the caller (with the path of its ARN, if it has one).`, {
      Effect: "Allow",
      Principal: { AWS: caller.canonicalArn },
      Action: actions,
    }),
    grant,
  ];
}
