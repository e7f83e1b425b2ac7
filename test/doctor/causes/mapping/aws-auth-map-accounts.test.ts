import {
  AWS_AUTH_FAULTS,
  awsAuth,
  entryCommands,
  NODE_LINE,
  patchCommands,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A11;

testRule("mapping/aws-auth-map-accounts", "A11", {
  certain: {
    "gives the caller a line or an entry": {
      on: FAULT,
      commands: [
        ...patchCommands({
          mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - vouch-dev\n`,
        }),
        "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev",
        ...entryCommands(),
      ],
    },
  },
  notApplicable: {
    "an entry maps the caller": healthyBundle(awsAuth({ mapAccounts: `- "${ACCOUNT}"\n` })),
  },
});
