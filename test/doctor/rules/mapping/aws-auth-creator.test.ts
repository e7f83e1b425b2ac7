import {
  AWS_AUTH_FAULTS,
  awsAuth,
  EDIT_COMMANDS,
  entryCommands,
  line,
  NODE_LINE,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { mode } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A14;

testRule("mapping/aws-auth-creator", "A14", {
  possible: {
    "is no more, because the evidence does not tell who the creator is": {
      on: FAULT,
      inferred: true,
      commands: [...EDIT_COMMANDS, ...entryCommands("CONFIG_MAP")],
    },
  },
  notApplicable: {
    "aws-auth has an administrator, or the cluster reads access entries": [
      {
        ...FAULT,
        ...awsAuth({
          mapRoles:
            NODE_LINE +
            line(ROLE_ARN, "[viewers]") +
            line("arn:aws:iam::111122223333:role/Ops", "[system:masters]"),
        }),
      },
      { ...FAULT, ...mode("API_AND_CONFIG_MAP") },
    ],
  },
});
