import assert from "node:assert/strict";
import { clientDifference } from "../../../../doctor/rules/client/client-difference.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";

const T9 = CLIENT_FAULTS["T9"] ?? healthyBundle();

describe("client-difference", () => {
  it("is never more than possible, and inferred", () => {
    assert.deepEqual(verdicts(clientDifference, T9), [
      {
        cause: "T9",
        stage: "client",
        severity: "error",
        confidence: "possible",
        commands: [
          "type -a kubectl",
          "env -u HTTPS_PROXY -u https_proxy KUBERC=off kubectl get --raw /api -v=8",
        ],
      },
    ]);
    const [found] = findingsOf(clientDifference, T9) ?? [];
    assert.equal(found?.inferred, true);
    assert.ok(found?.evidence.includes("HTTPS_PROXY is set."));
  });

  it("is silent when the token is refused too, when nobody tried it, and on other clients", () => {
    assert.deepEqual(findingsOf(clientDifference, unauthorized()), []);
    assert.deepEqual(findingsOf(clientDifference, without(T9, "token")), []);
    assert.deepEqual(findingsOf(clientDifference, { ...T9, client: { name: "k9s" } }), []);
  });
});
