import { sentence } from "../../../token/command/sentence.ts";
import { globCovers } from "../../../token/text/glob.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type AssumeRoleRefusal, assumeRoleRefusal } from "../../derive/identity/assume-role-refusal.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { allowsAction, trustPolicy } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { trustFix } from "../../fixes/trust-fix.ts";

export const stsAssumeRoleDenied = defineLegacyRule({
  code: "sts-assume-role-denied",
  stage: "trust",
  causes: ["S1"],
  expects: "the caller may assume the role, and the role trusts the caller",
  needs: ["errorSources"],
  judge(facts) {
    const denied = assumeRoleRefusal(facts);
    if (denied === undefined || isSamePrincipal(denied.caller.arn, denied.roleArn)) return [];
    const { refusal, caller, role, roleArn, explicitDeny } = denied;
    const { quote: _, said, ...sureness } = refusal;
    const isForeign = caller.account !== role.account;
    return [
      {
        cause: "S1",
        stage: "trust",
        ...sureness,
        summary:
          explicitDeny === undefined
            ? `${caller.canonicalArn} may not assume ${roleArn}.`
            : `${caller.canonicalArn} may not assume ${roleArn}: a ${explicitDeny} denies it.`,
        evidence: [
          said,
          ...(isForeign
            ? [`The accounts differ (${caller.account}, ${role.account}): both sides must allow it.`]
            : []),
          ...trustSentence(facts, denied),
        ],
        falsifiedBy: sentence`${aws("sts assume-role", { "role-arn": roleArn, "role-session-name": "test" })}, as the caller, gives credentials.`,
        fixes: explicitDeny === undefined ? fixes(facts, denied) : [lift(denied, explicitDeny)],
      },
    ];
  },
});

/** What the role's trust policy says to this caller, where it can be read. */
function trustSentence({ evidence }: Facts, { caller, roleArn, role }: AssumeRoleRefusal): string[] {
  const target = knownValue(evidence.role)?.Role;
  const statements =
    target !== undefined && isSamePrincipal(target.Arn, roleArn) ? trustPolicy(target) : undefined;
  if (statements === undefined) return [];
  const accounts = [caller.account, `arn:${caller.partition}:iam::${caller.account}:root`, "*"];
  const naming = statements.filter(
    (statement) =>
      allowsAction(statement, "sts:AssumeRole") &&
      statement.aws.some(
        (arn) => accounts.includes(arn) || isSamePrincipal(arn, caller.arn) || globCovers(arn, caller.arn),
      ),
  );
  if (naming.length === 0)
    return [`The trust policy of ${role.name} names neither the caller nor its account.`];
  const keys = naming.flatMap(({ conditions }) =>
    conditions.map(({ operator, key }) => `${operator} ${key}`),
  );
  return [
    keys.length === 0
      ? `The trust policy of ${role.name} names the caller: what is missing is the caller's own permission.`
      : `The trust policy of ${role.name} names the caller, under conditions: ${keys.join(", ")}.`,
  ];
}

function fixes({ credentials }: Facts, { caller, role, roleArn }: AssumeRoleRefusal): Fix[] {
  const actions = isFromVouch(credentials)
    ? ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    : ["sts:AssumeRole"];
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: roleArn }],
  };
  const kind = caller.kind === "user" ? "user" : "role";
  return [
    trustFix(roleArn, `Let ${role.name} trust the caller (with the path of its ARN, if it has one).`, {
      Effect: "Allow",
      Principal: { AWS: caller.canonicalArn },
      Action: actions,
    }),
    {
      audience: "iam-admin",
      description: `Let ${caller.name} assume the role. Put the policy into assume.json first.`,
      actions: [
        aws(`iam put-${kind}-policy`, {
          [`${kind}-name`]: caller.name,
          "policy-name": `assume-${role.name}`,
          "policy-document": { contentOf: "assume.json" },
        }),
        documentOf(JSON.stringify(policy, null, 2)),
      ],
    },
  ];
}

function lift({ caller, roleArn }: AssumeRoleRefusal, kind: string): Fix {
  return {
    audience: "iam-admin",
    description: `Except this call from the ${kind} that denies it explicitly; no other permission outweighs it.`,
    actions: [documentOf(`${caller.canonicalArn} needs sts:AssumeRole on ${roleArn}.`)],
  };
}
