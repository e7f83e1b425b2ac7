import { AWS_AUTH_FAULTS, line, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A12;
const ADMINISTRATOR = {
  Arn: `arn:aws:iam::${ACCOUNT}:user/root-admin`,
  Account: ACCOUNT,
  UserId: "AIDAEXAMPLE",
};

testRule("mapping/aws-auth-node-template", "A12", {
  certain: {
    "writes a username and groups for people": {
      on: FAULT,
      commands: [
        ...patchCommands({
          mapRoles: `- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - vouch-dev\n`,
        }),
        "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev",
      ],
    },
  },
  likely: {
    "of somebody else, whose call is refused": {
      ...FAULT,
      question: { principal: ROLE_ARN, stderr: "error: You must be logged in to the server (Unauthorized)" },
      callerIdentity: ADMINISTRATOR,
    },
  },
  passed: {
    "a template for people": unmapped({ mapRoles: line(ROLE_ARN) }),
  },
  notApplicable: {
    "a node, whose session is an instance": {
      ...FAULT,
      callerIdentity: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/i-0123456789abcdef0`,
        Account: ACCOUNT,
        UserId: "AROAEXAMPLEEXAMPLE123:i-0123456789abcdef0",
      },
    },
  },
  unknown: {
    "of somebody else, when nobody knows how their call went": {
      on: { ...FAULT, question: { principal: ROLE_ARN }, callerIdentity: ADMINISTRATOR },
      missing: "callerIdentity",
    },
  },
});
