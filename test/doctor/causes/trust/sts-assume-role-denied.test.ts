import { pluginFailed, ROLE_ARN, TRUST_COMMANDS } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const CALLER = "arn:aws:sts::444455556666:assumed-role/Hub/ada@example.com";
const DENIED = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`;

function trusting(Principal: unknown, Condition?: unknown) {
  const statement = {
    Effect: "Allow",
    Principal,
    Action: "sts:AssumeRole",
    ...(Condition === undefined ? {} : { Condition }),
  };
  const AssumeRolePolicyDocument = encodeURIComponent(
    JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  );
  return {
    role: {
      Role: { Arn: ROLE_ARN, RoleId: "AROA1", CreateDate: "2025-01-01T00:00:00Z", AssumeRolePolicyDocument },
    },
  };
}

/** What it reads of a trust policy, as the last sentence of the evidence. */
const reads = (sentence: string, changes: ReturnType<typeof trusting>) => ({
  on: pluginFailed(DENIED, { changes }),
  evidence: [/^GetCallerIdentity/, /^The caller and the role are in different accounts/, sentence],
});

testRule("trust/sts-assume-role-denied", "S1", {
  certain: {
    "fixes both sides, with the real names": {
      on: pluginFailed(DENIED),
      commands: [
        ...TRUST_COMMANDS,
        `aws iam put-role-policy --role-name Hub --policy-name assume-Dev --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],"Resource":"${ROLE_ARN}"}]}'`,
      ],
      text: {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::444455556666:role/Hub" },
        Action: ["sts:AssumeRole"],
      },
    },
    "puts no policy on a federated user, who can have none": {
      on: pluginFailed(DENIED.replace("assumed-role/Hub/ada@example.com", "federated-user/ada")),
      commands: TRUST_COMMANDS,
    },
    "says that there is no such role, where IAM of its account says so": {
      on: pluginFailed(DENIED.replace("444455556666", "111122223333"), {
        changes: { role: { failed: "NoSuchEntity: The role with name Dev cannot be found." } },
      }),
      summary: `Role ${ROLE_ARN} does not exist, so it cannot be assumed.`,
      commands: ["aws iam list-roles --query 'Roles[].Arn'"],
    },
    "reads that the role trusts neither the caller nor its account": reads(
      "The trust policy of Dev includes neither the caller nor its account.",
      trusting({ AWS: "arn:aws:iam::444455556666:role/Other" }),
    ),
    "reads that the role trusts the caller's account": reads(
      "The trust policy of Dev includes the caller, so the caller's own permission is missing.",
      trusting({ AWS: "444455556666" }),
    ),
    "reads that the role trusts the caller under conditions": reads(
      "The trust policy of Dev includes the caller, but with conditions: Bool aws:MultiFactorAuthPresent.",
      trusting(
        { AWS: "arn:aws:iam::444455556666:role/Hub" },
        { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      ),
    ),
    "finds a permissions boundary that does not allow it, which no permission overrides either": {
      on: pluginFailed(`${DENIED} because no permissions boundary allows the sts:AssumeRole action`),
      summary: `arn:aws:iam::444455556666:role/Hub is not allowed to assume ${ROLE_ARN}: no permissions boundary allows it.`,
      commands: [],
      description:
        "An Allow for the caller is not enough: the admin of the caller's permissions boundary must allow sts:AssumeRole in the permissions boundary.",
    },
    "reads our own words for a hop of --via": {
      on: pluginFailed(
        `AWS refused sts:AssumeRole on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}.`,
        { vouch: true },
      ),
      text: {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::444455556666:role/Hub" },
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      },
    },
  },
  passed: {
    "leaves a role that assumes itself, tags and web identity to their own rules": [
      DENIED.replace(CALLER, "arn:aws:sts::111122223333:assumed-role/Dev/ada"),
      DENIED.replace("sts:AssumeRole on", "sts:TagSession on"),
      "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ].map((words) => pluginFailed(words)),
  },
});
