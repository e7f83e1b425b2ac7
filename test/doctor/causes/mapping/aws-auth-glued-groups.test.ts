import assert from "node:assert/strict";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  NODE_LINE,
  patchCommands,
  refused,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { NODE_ARN } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A6;
const NODES_GLUED = `- rolearn: ${NODE_ARN}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:bootstrappers\n     - system:nodes\n`;
const WORKS = healthyBundle(awsAuth({ mapRoles: NODES_GLUED }));

/** The fault, with groups that are written otherwise, and bindings to one of them. */
const refusedAs = (groups: readonly string[]) => {
  const line = `- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups:\n${groups.map((group) => `    - ${group}\n`).join("")}`;
  const subjects = [{ kind: "Group", name: "developers" }];
  const roleRef = { kind: "ClusterRole", name: "view" };
  const items = [{ kind: "RoleBinding", metadata: { name: "devs", namespace: "web" }, roleRef, subjects }];
  return { ...FAULT, ...awsAuth({ mapRoles: `${NODE_LINE}${line}` }), rbac: { items } };
};

testRule("mapping/aws-auth-glued-groups", "A6", {
  certain: {
    "splits what a comma or a missing dash joins, where a binding is for one of the parts": {
      on: refusedAs(["developers,viewers"]),
      commands: patchCommands({
        mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups:\n    - developers\n    - viewers\n`,
      }),
    },
    "blames nodes' groups when nodes fail": {
      ...WORKS,
      question: { command: "kubectl get nodes", stderr: "ip-10-0-1-7 NotReady", exitCode: 0 },
    },
  },
  likely: {
    "the refusal names another user than the line gives": {
      ...without(FAULT, "selfSubjectReview"),
      question: refused("somebody-else", {}).question ?? assert.fail(),
    },
  },
  passed: {
    "leaves a dash inside a group's name alone": healthyBundle(
      awsAuth({ mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: u\n  groups: [team-a, "a-b"]\n` }),
    ),
  },
});
