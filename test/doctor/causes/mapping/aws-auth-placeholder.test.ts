import {
  AWS_AUTH_FAULTS,
  DEV_USER,
  EDIT_COMMANDS,
  groupsOf,
  line,
  NODE_LINE,
  patchCommands,
  refused,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("mapping/aws-auth-placeholder", "A15", {
  likely: {
    "takes the brackets off the caller's line, and is never certain": {
      on: AWS_AUTH_FAULTS.A15,
      commands: patchCommands({
        mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - developers\n`,
      }),
    },
    "finds a group in brackets when the caller is refused": refused(
      DEV_USER,
      { mapRoles: NODE_LINE + line(ROLE_ARN, "[<developers>]") },
      groupsOf(DEV_USER, "<developers>"),
    ),
    "warns of a line whose placeholder says nothing": {
      on: unmapped({ mapRoles: NODE_LINE + line('"<ARN of instance role (not instance profile)>"') }),
      severity: "warning",
      commands: EDIT_COMMANDS,
    },
  },
});
