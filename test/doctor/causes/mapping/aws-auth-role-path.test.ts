import {
  AWS_AUTH_FAULTS,
  CALLER_COMMANDS,
  line,
  lineCases,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { awsAuthWith } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A2;
const { likely, ...rest } = lineCases(FAULT);

testRule("mapping/aws-auth-role-path", "A2", {
  certain: {
    "names the caller's line and writes it right": {
      on: FAULT,
      explains: ["A1", "E1", "M1"],
      commands: CALLER_COMMANDS,
    },
    "warns of a line of somebody else": {
      on: unmapped({
        mapRoles:
          NODE_LINE +
          line(
            `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef`,
          ),
      }),
      severity: "warning",
      commands: patchCommands({
        mapRoles:
          NODE_LINE +
          `- rolearn: arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Ops_0123456789abcdef\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
      }),
    },
    "counts several lines, each of which is faulty": {
      on: unmapped({
        mapRoles: ["Ops", "Qa"]
          .map((name) => line(`arn:aws:iam::${ACCOUNT}:role/staff/${name}`))
          .reduce((lines, one) => lines + one, NODE_LINE),
      }),
      severity: "warning",
      summary: /^Each of 2 aws-auth mappings cannot match .*: mapRoles\[1\] \S+Ops, mapRoles\[2\] \S+Qa\.$/,
    },
  },
  likely,
  passed: {
    "blames no role without path, whatever its case (A13, A16)": [
      ROLE_ARN,
      ROLE_ARN.replace("Dev", "dev"),
      `arn:aws:iam::${ACCOUNT}:user/staff/ada`,
    ].map((arn) => healthyBundle(awsAuthWith(arn, ["developers"]))),
  },
  ...rest,
});
