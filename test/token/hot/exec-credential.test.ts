import assert from "node:assert/strict";
import { execCredential, requestedApiVersion } from "../../../token/hot/exec-credential.ts";

const V1 = "client.authentication.k8s.io/v1";

describe("requestedApiVersion", () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, V1],
    ["", V1],
    [" \n", V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"interactive":false}}\n`, V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}beta1"}`, `${V1}beta1`],
    [`{"kind":"ExecCredential","apiVersion":"${V1}alpha1"}`, undefined],
    [`{"kind":"ExecCredential","apiVersion":"${V1}", `, undefined],
    [`{"kind":"ExecCredential","apiVersion":["${V1}"]}`, undefined],
    [`{"kind":"ExecCredential"}`, undefined],
    [`{"apiVersion":"${V1}"}`, undefined],
    ["null", undefined],
    ["[]", undefined],
    ["1", undefined],
  ];
  for (const [execInfo, version] of cases) {
    it(`is ${version} for ${JSON.stringify(execInfo)}`, () => {
      assert.equal(requestedApiVersion(execInfo), version);
    });
  }
});

describe("execCredential", () => {
  it("is one line of JSON, with the expiry in whole seconds, rounded down", () => {
    assert.equal(
      execCredential(V1, "k8s-aws-v1.x", Date.parse("2026-01-15T12:10:00.999Z")),
      `{"kind":"ExecCredential","apiVersion":"${V1}",` +
        `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"k8s-aws-v1.x"}}\n`,
    );
  });
});
