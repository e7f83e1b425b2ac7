import assert from "node:assert/strict";
import { isSignatureRefusal, isStepUp, serverRefusal } from "../../../token/vouch/server-refusal.ts";
import { type AnswerParts, httpAnswer } from "./http-answer.ts";

describe("serverRefusal", () => {
  const read: Readonly<Record<string, [AnswerParts, object]>> = {
    "an OAuth error": [
      { body: { error: "invalid_grant", error_description: "no\nsuch state", error_uri: "x" } },
      { name: "invalid_grant", description: "no such state" },
    ],
    "an OAuth error without words": [{ body: { error: "invalid_client" } }, { name: "invalid_client" }],
    "an API error": [
      { body: { code: "invalid_token", message: "expired" } },
      { name: "invalid_token", description: "expired" },
    ],
    "the signature layer's plain text": [
      { status: 401, body: "signature verification failed" },
      { description: "signature verification failed" },
    ],
    "a bare challenge": [
      {
        status: 401,
        headers: { "www-authenticate": 'Bearer error="invalid_token",error_description="x"' },
        body: "",
      },
      { name: "invalid_token" },
    ],
    "a proxy's web page": [
      { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad</h1>" },
      {},
    ],
    "JSON that is no object": [{ headers: { "content-type": "application/json" }, body: '["error"]' }, {}],
    "a name that is none": [{ body: { error: "In\u001bvalid", message: 7 } }, {}],
    "an empty body": [{ body: "" }, {}],
  };
  for (const [what, [parts, refusal]] of Object.entries(read)) {
    it(`reads ${what}`, () => {
      assert.deepEqual(serverRefusal(httpAnswer(parts)), refusal);
    });
  }
});

describe("isSignatureRefusal", () => {
  it("knows the signature layer's plain text, and only with 401", () => {
    const body = "signature verification failed\n";
    assert.deepEqual(
      [
        { status: 401, body },
        { status: 400, body },
        { status: 401, body: { message: body } },
      ].map((parts) => isSignatureRefusal(httpAnswer(parts))),
      [true, false, false],
    );
  });
});

describe("isStepUp", () => {
  for (const [value, expected] of [
    ['DPoP error="insufficient_user_authentication",max_age="300",algs="ES256"', true],
    ["Bearer error=insufficient_user_authentication, acr_values=x", true],
    ['DPoP error="invalid_token"', false],
    ["", false],
  ] as const) {
    it(`says ${expected} of ${value || "no challenge"}`, () => {
      const headers = value === "" ? {} : { "www-authenticate": value };
      assert.equal(isStepUp(httpAnswer({ status: 401, headers })), expected);
    });
  }
});
