import {
  AWS_AUTH_FAULTS,
  CALLER_COMMANDS,
  line,
  lineCases,
  NODE_LINE,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT } from "../../support/bundle.ts";
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
  ...rest,
});
