import assert from "node:assert/strict";
import { clientNoExecInfo } from "../../../../doctor/rules/client/client-no-exec-info.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";

const T10 = CLIENT_FAULTS["T10"] ?? healthyBundle();

describe("client-no-exec-info", () => {
  it("is certain by the plugin's own line, and explains that the versions differ", () => {
    assert.deepEqual(verdicts(clientNoExecInfo, T10), [
      {
        cause: "T10",
        stage: "client",
        severity: "error",
        confidence: "certain",
        commands: [
          "helm version --short",
          `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`,
        ],
      },
    ]);
    assert.deepEqual(findingsOf(clientNoExecInfo, T10)?.[0]?.explains, ["K3"]);
  });

  it("is silent on an old plugin, and on the line where the call works", () => {
    assert.deepEqual(
      findingsOf(clientNoExecInfo, { ...T10, question: { stderr: "getting credentials: boom" } }),
      [],
    );
    const { question } = T10;
    assert.deepEqual(
      findingsOf(clientNoExecInfo, healthyBundle({ question: { ...question, exitCode: 0 } })),
      [],
    );
  });
});
