import { AWS_AUTH_FAULTS, awsAuth, line, patchCommands } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { NODE_ARN } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A17;

testRule("mapping/aws-auth-node-username", "A17", {
  likely: {
    "restores the template, and is never certain": {
      on: FAULT,
      commands: patchCommands({
        mapRoles: `- rolearn: ${NODE_ARN}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [ system:bootstrappers, system:nodes ]\n- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ system:masters ]\n`,
      }),
    },
    "only warns when the failure is not about nodes": { on: without(FAULT, "question"), severity: "warning" },
  },
  passed: {
    "knows the names of Fargate's nodes": healthyBundle(
      awsAuth({
        mapRoles: line(
          NODE_ARN,
          "[system:bootstrappers, system:nodes, system:node-proxier]",
          '"system:node:{{SessionName}}"',
        ),
      }),
    ),
  },
});
