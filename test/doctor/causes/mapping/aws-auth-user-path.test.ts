import { AWS_AUTH_FAULTS, line, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT } from "../../support/bundle.ts";
import { USER_ARN, USER_CALLER } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A13;

testRule("mapping/aws-auth-user-path", "A13", {
  certain: {
    "names the line without the user's path and writes it in": {
      on: FAULT,
      commands: patchCommands({
        mapUsers: `- userarn: ${USER_ARN}\n  username: ada\n  groups: [ developers ]\n`,
      }),
    },
  },
  passed: {
    "the full path, a namesake elsewhere, and a role": [
      USER_ARN,
      "arn:aws:iam::999988887777:user/ada",
      `arn:aws:iam::${ACCOUNT}:role/ada`,
    ].map((arn) => unmapped({ mapUsers: line(arn, "[developers]", "ada") }, USER_CALLER)),
  },
});
