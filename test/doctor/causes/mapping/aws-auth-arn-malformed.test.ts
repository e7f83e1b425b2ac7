import {
  AWS_AUTH_FAULTS,
  CALLER_COMMANDS,
  EDIT_COMMANDS,
  line,
  lineCases,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { awsAuthWith } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A16;
const { likely, ...rest } = lineCases(FAULT);
const listing = (arn: string) => unmapped({ mapRoles: NODE_LINE + line(arn) });

testRule("mapping/aws-auth-arn-malformed", "A16", {
  certain: {
    "sees a plural": {
      on: listing(`arn:aws:iam::${ACCOUNT}:roles/Dev`),
      summary: /\(roles\/ instead of role\/\)/,
      commands: CALLER_COMMANDS,
    },
    "sees another service": {
      on: listing(`arn:aws:sts::${ACCOUNT}:role/Dev`),
      summary: /\(the service sts, not iam\)/,
    },
    "names the caller's line and writes it right": {
      on: FAULT,
      explains: ["A1", "E1", "M1"],
      commands: CALLER_COMMANDS,
    },
    "warns of a line of somebody else": {
      on: listing(`arn:aws:iam:us-east-1:${ACCOUNT}:role/Ops`),
      severity: "warning",
      commands: patchCommands({
        mapRoles:
          NODE_LINE +
          `- rolearn: arn:aws:iam::${ACCOUNT}:role/Ops\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
      }),
    },
    "sees blanks": { on: listing(`"${ROLE_ARN} "`), summary: /\(whitespace\)/ },
    "sees a second account": {
      on: listing(`arn:aws:iam::${ACCOUNT}:${ACCOUNT}:role/Dev`),
      summary: /\(a second account\)/,
    },
    "sees the partition of China": {
      on: listing(ROLE_ARN.replace("arn:aws:", "arn:aws-cn:")),
      summary: /\(the partition aws-cn, not aws\)/,
    },
  },
  likely: {
    "edits by hand where other lines are left out": {
      on: { ...FAULT, excerpts: ["awsAuth"] },
      commands: EDIT_COMMANDS,
    },
    ...likely,
  },
  passed: {
    "blames neither a path (A2) nor another account (L7)": [
      `arn:aws:iam::${ACCOUNT}:role/team/Dev`,
      "arn:aws:iam::999988887777:role/Dev",
    ].map((arn) => healthyBundle(awsAuthWith(arn, ["developers"]))),
  },
  ...rest,
});
