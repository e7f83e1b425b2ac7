import { pluginFailed, ROLE_ARN, TRUST_COMMANDS } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const OURS = `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: Not authorized to perform sts:TagSession.`;

testRule("trust/sts-session-tags-denied", "S5", {
  certain: {
    "writes the whole statement for a Vouch login": {
      on: pluginFailed(OURS, { vouch: true }),
      commands: TRUST_COMMANDS,
      text: {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/us.vouch.sh" },
        Action: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"],
        Condition: {
          StringEquals: { "us.vouch.sh:aud": "https://us.vouch.sh", "us.vouch.sh:sub": "ada@example.com" },
        },
      },
    },
    "names the caller of an AssumeRole": {
      on: pluginFailed(
        `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:SetSourceIdentity on resource: ${ROLE_ARN}`,
      ),
      summary: `The trust policy of ${ROLE_ARN} does not allow sts:SetSourceIdentity, which the login needs.`,
      text: {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:user/ci" },
        Action: ["sts:SetSourceIdentity", "sts:TagSession"],
      },
    },
  },
});
