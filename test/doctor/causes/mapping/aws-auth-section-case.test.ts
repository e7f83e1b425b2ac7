import { AWS_AUTH_FAULTS, line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A5;
const TEXT = line("arn:aws:iam::111122223333:user/bob", "[developers]", "bob");

testRule("mapping/aws-auth-section-case", "A5", {
  certain: {
    "moves the caller's line to the section that is read": {
      on: FAULT,
      commands: patchCommands({ maproles: null, mapRoles: NODE_LINE + line(ROLE_ARN) }),
    },
    "only warns when the ignored section has others": {
      on: unmapped({ mapusers: TEXT }),
      severity: "warning",
      commands: patchCommands({ mapusers: null, mapUsers: TEXT }),
    },
  },
  passed: {
    "leaves keys alone that are no sections": unmapped({ notes: "ask Ada" }),
  },
});
