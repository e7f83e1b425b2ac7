import assert from "node:assert/strict";
import { execCredential } from "../../../token/hot/exec-credential.ts";

const V1 = "client.authentication.k8s.io/v1";

describe("execCredential", () => {
  it("is one line of JSON, with the expiry in whole seconds, rounded down", () => {
    assert.equal(
      execCredential(V1, "k8s-aws-v1.x", Date.parse("2026-01-15T12:10:00.999Z")),
      `{"kind":"ExecCredential","apiVersion":"${V1}",` +
        `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"k8s-aws-v1.x"}}\n`,
    );
  });
});
