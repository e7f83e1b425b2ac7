import {
  AWS_AUTH_FAULTS,
  awsAuth,
  DEV_USER,
  EDIT_COMMANDS,
  groupsOf,
  line,
  NODE_LINE,
  patchCommands,
  refused,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("mapping/aws-auth-duplicate", "A8", {
  certain: {
    "removes the last line, which takes system:masters from the caller": {
      on: AWS_AUTH_FAULTS.A8,
      commands: patchCommands({
        mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ system:masters ]\n`,
      }),
    },
    "only warns where nobody is refused for it": {
      on: healthyBundle(
        awsAuth({ mapRoles: NODE_LINE + line(ROLE_ARN, "[deployers]") + line(ROLE_ARN, "[viewers]") }),
      ),
      severity: "warning",
      commands: EDIT_COMMANDS,
    },
  },
  likely: {
    "the lost group need not have granted it": refused(
      DEV_USER,
      { mapRoles: NODE_LINE + line(ROLE_ARN, "[deployers]") + line(ROLE_ARN, "[viewers]") },
      groupsOf(DEV_USER, "viewers"),
    ),
  },
});
