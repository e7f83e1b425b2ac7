import assert from "node:assert/strict";
import { clientIgnoresExec } from "../../../../doctor/rules/client/client-ignores-exec.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";

const T4 = CLIENT_FAULTS["T4"] ?? healthyBundle();
const refused = { exitCode: 1, stderr: "HTTP-Code: 401\nMessage: Unauthorized" };

describe("client-ignores-exec", () => {
  it("is certain of an anonymous call by a release that is known for it", () => {
    assert.deepEqual(verdicts(clientIgnoresExec, T4), [
      {
        cause: "T4",
        stage: "client",
        severity: "error",
        confidence: "certain",
        commands: ["pip install --upgrade 'kubernetes!=32.0.0'"],
      },
    ]);
  });

  it("is less sure of another release that nobody compared with kubectl", () => {
    const other = { ...T4, client: { name: "javascript", version: "0.16.0" } };
    assert.deepEqual(confidences(clientIgnoresExec, other), ["T4 certain"]);
    assert.deepEqual(confidences(clientIgnoresExec, without(other, "apiServer")), ["T4 likely"]);
  });

  it("is likely by a 401 while the plugin's token is accepted, and possible by a 401 alone", () => {
    const client = { name: "javascript" };
    assert.deepEqual(confidences(clientIgnoresExec, healthyBundle({ client, question: refused })), [
      "T4 likely",
    ]);
    const alone = without(healthyBundle({ client, question: refused }), "apiServer");
    assert.deepEqual(confidences(clientIgnoresExec, alone), ["T4 possible"]);
    assert.equal(findingsOf(clientIgnoresExec, alone)?.[0]?.inferred, true);
  });

  it("is silent on kubectl, and on a 403 that names somebody", () => {
    assert.deepEqual(findingsOf(clientIgnoresExec, unauthorized()), []);
    const stderr =
      'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"';
    assert.deepEqual(findingsOf(clientIgnoresExec, { ...T4, question: { stderr } }), []);
  });
});
