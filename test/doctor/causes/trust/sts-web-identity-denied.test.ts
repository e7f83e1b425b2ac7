import { awsConfig, awsExec, pluginFailed, ROLE_ARN, TRUST_COMMANDS } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const OURS = `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity.`;
const ALL = ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"];

function trusting(host: string, Action: readonly string[], Condition: unknown) {
  const Statement = {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
    Action,
    Condition,
  };
  const AssumeRolePolicyDocument = { Version: "2012-10-17", Statement };
  return {
    role: {
      Role: { Arn: ROLE_ARN, RoleId: "AROA1", CreateDate: "2025-01-01T00:00:00Z", AssumeRolePolicyDocument },
    },
  };
}

/** A gap that it reads in a trust policy, as the last sentence of the evidence. */
const reads = (sentence: string, changes: ReturnType<typeof trusting>) => ({
  on: pluginFailed(OURS, { vouch: true, changes }),
  evidence: [/^GetCallerIdentity/, sentence],
});

testRule("trust/sts-web-identity-denied", "S3", {
  certain: {
    "names the role, the person and the server": {
      on: pluginFailed(OURS, { vouch: true }),
      summary: `Role ${ROLE_ARN} does not trust the ID token of ada@example.com from https://us.vouch.sh.`,
      commands: TRUST_COMMANDS,
    },
    "reads that the role trusts another identity provider": reads(
      "Its trust policy does not trust https://us.vouch.sh as an identity provider, only eu.vouch.sh.",
      trusting("eu.vouch.sh", ALL, {}),
    ),
    "reads that an action is missing": reads(
      "Its trust policy does not allow sts:TagSession.",
      trusting("us.vouch.sh", ALL.slice(0, 2), {}),
    ),
    "reads that the role trusts another person": reads(
      "Its trust policy requires StringEquals us.vouch.sh:sub grace@example.com, not ada@example.com.",
      trusting("us.vouch.sh", ALL, { StringEquals: { "us.vouch.sh:sub": "grace@example.com" } }),
    ),
    "reads that the role trusts people of another domain": reads(
      "Its trust policy requires StringLike acme-com.us.vouch.sh:sub *@acme.com, not ada@example.com.",
      trusting("acme-com.us.vouch.sh", ["sts:*"], {
        StringLike: { "acme-com.us.vouch.sh:sub": "*@acme.com" },
      }),
    ),
    "sees no gap in a policy that fits": {
      on: pluginFailed(OURS, {
        vouch: true,
        changes: trusting("us.vouch.sh", ALL, { StringLike: { "us.vouch.sh:sub": "*@example.com" } }),
      }),
      evidence: [/^GetCallerIdentity/],
    },
    "knows from IAM that there is no such role": {
      on: pluginFailed(OURS, {
        vouch: true,
        changes: {
          role: {
            failed:
              "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name Dev cannot be found.",
          },
        },
      }),
      summary: `Role ${ROLE_ARN} does not exist, so it cannot be assumed.`,
      commands: ["aws iam list-roles --query 'Roles[].Arn'"],
    },
  },
  likely: {
    "does for a CI job's token too, without a Vouch server": {
      on: pluginFailed(
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        {
          changes: {
            ...awsExec({}),
            ...awsConfig(
              "[default]\nrole_arn = arn:aws:iam::111122223333:role/Ci\nweb_identity_token_file = /run/token\n",
            ),
          },
        },
      ),
      summary: "Role arn:aws:iam::111122223333:role/Ci does not trust the web identity token.",
    },
  },
  passed: {
    "leaves a missing provider to its own rule": pluginFailed(
      OURS.replace(
        "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://us.vouch.sh",
      ),
      { vouch: true },
    ),
  },
});
