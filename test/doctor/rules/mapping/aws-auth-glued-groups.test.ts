import assert from "node:assert/strict";
import { awsAuthGluedGroups } from "../../../../doctor/rules/mapping/aws-auth-glued-groups.ts";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  NODE_LINE,
  patchCommands,
  refused,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { NODE_ARN } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A6;
const NODES_GLUED = `- rolearn: ${NODE_ARN}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:bootstrappers\n     - system:nodes\n`;

describe("aws-auth-glued-groups", () => {
  it("splits the caller's groups", () => {
    assert.deepEqual(verdicts(awsAuthGluedGroups, FAULT), [
      {
        cause: "A6",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups:\n    - developers\n    - deployers\n`,
        }),
      },
    ]);
  });

  it("is only likely when the refusal names another user than the line gives", () => {
    const { selfSubjectReview: _review, ...bundle } = FAULT;
    const other = refused("somebody-else", {}).question;
    assert.deepEqual(confidences(awsAuthGluedGroups, { ...bundle, question: other ?? assert.fail() }), [
      "A6 likely",
    ]);
  });

  it("warns of nodes' groups, and blames them when nodes fail", () => {
    const healthy = healthyBundle(awsAuth({ mapRoles: NODES_GLUED }));
    const [warning] = verdicts(awsAuthGluedGroups, healthy) ?? [];
    assert.deepEqual(
      [warning?.severity, warning?.commands],
      ["warning", patchCommands({ mapRoles: NODE_LINE })],
    );
    const failing = {
      ...healthy,
      question: { command: "kubectl get nodes", stderr: "ip-10-0-1-7 NotReady", exitCode: 0 },
    };
    assert.deepEqual(
      verdicts(awsAuthGluedGroups, failing)?.map(({ severity, confidence }) => [severity, confidence]),
      [["error", "certain"]],
    );
  });

  it("leaves a dash inside a group's name alone", () => {
    const text = `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: u\n  groups: [team-a, "a-b"]\n`;
    assert.deepEqual(confidences(awsAuthGluedGroups, healthyBundle(awsAuth({ mapRoles: text }))), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthGluedGroups, healthyBundle()), []);
  });
});
