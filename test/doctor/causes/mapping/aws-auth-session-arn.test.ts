import {
  AWS_AUTH_FAULTS,
  CALLER_COMMANDS,
  line,
  lineCases,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle } from "../../support/bundle.ts";
import { awsAuthWith } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A3;
const { likely, ...rest } = lineCases(FAULT);

testRule("mapping/aws-auth-session-arn", "A3", {
  certain: {
    "names the caller's line and writes it right": {
      on: FAULT,
      explains: ["A1", "E1", "M1"],
      commands: CALLER_COMMANDS,
    },
    "warns of a line of somebody else": {
      on: unmapped({ mapRoles: NODE_LINE + line(`arn:aws:sts::${ACCOUNT}:assumed-role/Ops/bob`) }),
      severity: "warning",
      commands: patchCommands({
        mapRoles:
          NODE_LINE +
          `- rolearn: arn:aws:iam::${ACCOUNT}:role/Ops\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
      }),
    },
  },
  likely,
  passed: {
    "blames no role named like a session": healthyBundle(
      awsAuthWith(`arn:aws:iam::${ACCOUNT}:role/assumed-role`, ["developers"]),
    ),
  },
  ...rest,
});
