import { AWS_AUTH_FAULTS, awsAuth, line, patchCommands } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { mode } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A10;

testRule("mapping/aws-auth-node-lines", "A10", {
  certain: {
    "puts the nodes' line back when nodes are cut off": {
      on: FAULT,
      commands: patchCommands({
        mapRoles: `${line(ROLE_ARN, "[system:masters]")}- rolearn: NODE_ROLE_ARN\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:bootstrappers\n    - system:nodes\n`,
      }),
    },
  },
  likely: {
    "only warns when the failure is not about nodes: there may be none": {
      on: without(FAULT, "question"),
      severity: "warning",
    },
  },
  passed: {
    "the nodes have a line": healthyBundle(mode("CONFIG_MAP")),
  },
  notApplicable: {
    "access entries let nodes in": { ...FAULT, ...mode("API_AND_CONFIG_MAP") },
    "a section that cannot be read (A4)": { ...FAULT, ...awsAuth({ mapRoles: "- [" }) },
  },
  unknown: {
    "lines are left out": { on: { ...FAULT, excerpts: ["awsAuth"] }, missing: "awsAuth" },
  },
});
