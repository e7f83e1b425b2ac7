import assert from "node:assert/strict";
import { awsAuthNodeLines } from "../../../../doctor/rules/mapping/aws-auth-node-lines.ts";
import { AWS_AUTH_FAULTS, awsAuth, line, patchCommands } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, missingFor, verdicts } from "../../support/credential-case.ts";
import { mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A10;

describe("aws-auth-node-lines", () => {
  it("puts the nodes' line back when nodes are cut off", () => {
    assert.deepEqual(verdicts(awsAuthNodeLines, FAULT), [
      {
        cause: "A10",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles: `${line(ROLE_ARN, "[system:masters]")}- rolearn: NODE_ROLE_ARN\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:bootstrappers\n    - system:nodes\n`,
        }),
      },
    ]);
  });

  it("only warns when the failure is not about nodes: there may be none", () => {
    assert.deepEqual(
      verdicts(awsAuthNodeLines, without(FAULT, "question"))?.map(({ severity, confidence }) => [
        severity,
        confidence,
      ]),
      [["warning", "likely"]],
    );
  });

  it("says nothing where access entries let nodes in, or the mode is not known", () => {
    assert.deepEqual(confidences(awsAuthNodeLines, { ...FAULT, ...mode("API_AND_CONFIG_MAP") }), []);
    assert.deepEqual(missingFor(awsAuthNodeLines, without(FAULT, "cluster")), ["cluster"]);
  });

  it("says nothing of a section that cannot be read (A4)", () => {
    assert.deepEqual(confidences(awsAuthNodeLines, { ...FAULT, ...awsAuth({ mapRoles: "- [" }) }), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthNodeLines, healthyBundle(mode("CONFIG_MAP"))), []);
  });
});
