import assert from "node:assert/strict";
import type { ErrorCode } from "../../../../token/errors/errors.ts";
import type { VouchCall } from "../../../../token/vouch/call/refusal-table.ts";
import {
  isSignatureRefusal,
  isStepUp,
  refusedSkew,
  serverRefusal,
  vouchError,
} from "../../../../token/vouch/call/vouch-error.ts";
import { type AnswerParts, httpAnswer, NOON } from "../../net/http-answer.ts";

const explain = (call: VouchCall, parts: AnswerParts) => {
  const { code, message, hint } = vouchError(httpAnswer(parts), { call, server: "vouch.example.test" });
  return { code, message, hint };
};

/** Call, status, name, our code. Source: token/vouch/VOUCH-PROTOCOL.md, under the heading of each list. */
const ROWS: Readonly<Record<string, readonly [VouchCall, number, string | undefined, ErrorCode][]>> = {
  Registration: [
    ["registration", 400, "invalid_client_metadata", "internal"],
    ["registration", 400, "invalid_redirect_uri", "internal"],
    ["registration", 401, "invalid_token", "client-refused"],
    ["registration", 429, undefined, "rate-limited"],
    ["registration", 500, "server_error", "server-failed"],
    ["registration", 404, undefined, "server-answer-invalid"],
    ["registration", 400, "whatever", "server-answer-invalid"],
  ],
  Challenge: [
    ["challenge", 401, "invalid_client", "client-refused"],
    ["challenge", 400, "unauthorized_client", "client-refused"],
    ["challenge", 401, "unauthorized_client", "client-refused"],
    ["challenge", 429, undefined, "rate-limited"],
    ["challenge", 500, "server_error", "server-failed"],
  ],
  "Login grant": [
    ["login", 400, "use_dpop_nonce", "server-failed"],
    ["login", 400, "invalid_dpop_proof", "client-refused"],
    ["login", 400, "invalid_request", "internal"],
    ["login", 400, "unsupported_grant_type", "server-failed"],
    ["login", 400, "unauthorized_client", "client-refused"],
    ["login", 401, "unauthorized_client", "client-refused"],
    ["login", 401, "invalid_client", "client-refused"],
    ["login", 400, "invalid_grant", "login-refused"],
    ["login", 400, "invalid_authorization_details", "internal"],
    ["login", 400, "access_denied", "permission-denied"],
    ["login", 403, "access_denied", "permission-denied"],
    ["login", 400, "posture_not_compliant", "permission-denied"],
    ["login", 429, undefined, "rate-limited"],
    ["login", 500, "server_error", "server-failed"],
  ],
  "Resource tokens": [
    ["awsToken", 401, "unauthorized", "session-refused"],
    ["awsToken", 401, "invalid_token", "session-refused"],
    ["awsToken", 401, "invalid_dpop_proof", "client-refused"],
    ["awsToken", 401, "use_dpop_nonce", "server-failed"],
    ["awsToken", 500, "server_error", "server-failed"],
    ["awsToken", 401, undefined, "session-refused"],
    ["awsToken", 403, "whatever", "permission-denied"],
    ["awsToken", 408, undefined, "server-failed"],
    ["status", 401, undefined, "session-refused"],
  ],
  Revocation: [
    ["revocation", 401, "invalid_client", "client-refused"],
    ["revocation", 401, undefined, "client-refused"],
    ["revocation", 500, undefined, "server-failed"],
  ],
  "ID token for AWS": [
    ["awsToken", 400, "invalid_role_arn", "role-arn-invalid"],
    ["awsToken", 403, "hardware_required", "hardware-required"],
    ["awsToken", 404, "user_not_found", "permission-denied"],
    ["awsToken", 501, "rsa_key_unavailable", "server-failed"],
    ["awsToken", 500, "db_error", "server-failed"],
    ["awsToken", 500, "claims_error", "server-failed"],
    ["awsToken", 500, "token_error", "server-failed"],
    ["awsToken", 500, "signing_key_error", "server-failed"],
    ["awsToken", 404, undefined, "server-answer-invalid"],
    ["awsToken", 400, "whatever", "server-answer-invalid"],
  ],
  "Token exchange": [
    ["exchange", 400, "invalid_request", "internal"],
    ["exchange", 400, "invalid_grant", "session-refused"],
    ["exchange", 400, "access_denied", "hardware-required"],
    ["exchange", 400, "invalid_target", "permission-denied"],
    ["exchange", 400, "unauthorized_client", "client-refused"],
    ["exchange", 401, "unauthorized_client", "client-refused"],
    ["exchange", 401, "invalid_client", "client-refused"],
    ["exchange", 400, "invalid_dpop_proof", "client-refused"],
    ["exchange", 400, "exchange_not_allowed", "permission-denied"],
  ],
};

describe("vouchError", () => {
  for (const [section, rows] of Object.entries(ROWS)) {
    for (const [call, status, name, code] of rows) {
      it(`calls ${call} ${status} ${name ?? "without a name"} ${code} (${section})`, () => {
        const body = call === "awsToken" ? { code: name, message: "why" } : { error: name };
        assert.equal(explain(call, { status, body }).code, code);
      });
    }
  }

  it("says who refused what, how, and in whose words", () => {
    const body = { error: "invalid_grant", error_description: "No\u001b[2J such\ncredential" };
    assert.deepEqual(explain("login", { status: 400, body }), {
      code: "login-refused",
      message:
        'vouch.example.test rejected the login (HTTP 400 invalid_grant): the security key\'s answer was not accepted. Server message: "No [2J such credential".',
      hint: "Use a key that is registered with this server, or register this one: `kubectl vouch enroll`.",
    });
  });

  it("never repeats a credential that the server sends back", () => {
    const token = `eyJhbGciOiJFUzI1NiJ9.${"CANARY".repeat(8)}.CANARY`;
    const body = { error: "invalid_grant", error_description: `bad ${token}` };
    assert.doesNotMatch(JSON.stringify(explain("exchange", { status: 400, body })), /CANARY/);
  });

  it("does not call the sign-in page of a guest network a refusal", () => {
    const headers = { "content-type": "text/html" };
    assert.equal(
      explain("registration", { status: 200, headers, body: "<html>" }).message,
      "vouch.example.test responded to the registration of this machine (HTTP 200): this is not a Vouch server's response.",
    );
  });

  it("shows the words of a policy", () => {
    const body = { error: "access_denied", error_description: "disk is not encrypted" };
    assert.deepEqual(explain("login", { status: 403, body }), {
      code: "permission-denied",
      message:
        'vouch.example.test rejected the login (HTTP 403 access_denied): a policy of your organization does not allow it. Server message: "disk is not encrypted".',
      hint: "Ask an administrator of the Vouch server which policy that is.",
    });
  });

  it("names where a redirect leads, and nothing else of it", () => {
    const headers = { location: "https://evil.example.test/?t=CANARY" };
    assert.equal(
      explain("login", { status: 302, headers, body: "" }).message,
      "vouch.example.test rejected the login (HTTP 302): it redirects to evil.example.test, but kubectl-vouch does not follow redirects.",
    );
  });

  it("passes on how long a limit lasts", () => {
    assert.deepEqual(explain("challenge", { status: 429, headers: { "retry-after": "17" }, body: "" }), {
      code: "rate-limited",
      message:
        "vouch.example.test rejected the login challenge (HTTP 429): too many requests came from this machine.",
      hint: "Wait 17 s and try again.",
    });
    assert.equal(explain("challenge", { status: 429, body: "" }).hint, "Wait a minute and try again.");
  });

  it("sees a demand for a fresh login, whatever the body calls it", () => {
    const headers = { "www-authenticate": 'DPoP error="insufficient_user_authentication",max_age="300"' };
    for (const body of [{ code: "invalid_token" }, "", { code: "unauthorized" }]) {
      assert.equal(explain("awsToken", { status: 401, headers, body }).code, "step-up-required");
    }
  });

  it("explains the signature layer's plain text", () => {
    assert.deepEqual(explain("awsToken", { status: 401, body: "signature verification failed" }), {
      code: "client-refused",
      message:
        'vouch.example.test rejected the request for an AWS ID token (HTTP 401): it does not accept this machine\'s signature. Server message: "signature verification failed".',
      hint: "Run `kubectl vouch login` again. If that does not help, look for a proxy that modifies requests.",
    });
  });

  const headers = { date: "Thu, 15 Jan 2026 12:00:00 GMT" };
  const skewed: readonly [VouchCall, AnswerParts, number, boolean][] = [
    ["login", { status: 401, body: { error: "invalid_client" } }, 15, true],
    ["login", { status: 401, body: { error: "invalid_client" } }, 5, false],
    ["login", { status: 400, body: { error: "invalid_dpop_proof" } }, 90, true],
    ["login", { status: 400, body: { error: "invalid_dpop_proof" } }, 15, false],
    ["login", { status: 400, body: { error: "invalid_grant" } }, 9_999, false],
    ["login", { status: 400, body: { error: "unauthorized_client" } }, 9_999, false],
    ["awsToken", { status: 401, body: "signature verification failed" }, -400, true],
    ["awsToken", { status: 401, body: { code: "invalid_token" } }, -400, true],
    ["awsToken", { status: 500, body: "internal error" }, -400, false],
  ];
  for (const [call, parts, seconds, blamed] of skewed) {
    const what = JSON.stringify(parts.body);
    it(`${blamed ? "blames" : "does not blame"} a clock ${seconds} s ahead for ${call} ${what}`, () => {
      const { code } = explain(call, { ...parts, headers, at: NOON + seconds * 1000 });
      assert.equal(code === "clock-skewed", blamed);
    });
  }

  it("says which way the clock is off", () => {
    const answer = { status: 401, headers, body: { error: "invalid_client" }, at: NOON + 31_000 };
    assert.equal(
      explain("challenge", answer).message,
      "This machine's clock is about 30 s ahead of that of vouch.example.test, so the server rejected the login challenge.",
    );
  });
});

const DATE = "Thu, 15 Jan 2026 12:00:00 GMT";

describe("refusedSkew", () => {
  const skew = (signed: "assertion" | "proof", seconds: number) =>
    refusedSkew(httpAnswer({ headers: { date: DATE }, at: NOON + seconds * 1000 }), signed);

  // The header is cut to whole seconds, so a clock counts as a second less ahead than it seems.
  const judged: readonly ["assertion" | "proof", number, string | undefined][] = [
    ["assertion", 0, undefined],
    ["assertion", 10.9, undefined],
    ["assertion", 15, "14 s ahead of"],
    ["assertion", -70, undefined],
    ["assertion", -71, "71 s behind"],
    ["proof", 15, undefined],
    ["proof", 60.9, undefined],
    ["proof", 62, "61 s ahead of"],
    ["proof", -300, undefined],
    ["proof", -301, "301 s behind"],
  ];
  for (const [signed, seconds, text] of judged) {
    it(`finds ${text ?? "nothing"} for a ${signed} at ${seconds} s`, () => {
      assert.equal(skew(signed, seconds), text);
    });
  }

  it("does not blame the clock for a slow answer", () => {
    const slow = {
      ...httpAnswer({ headers: { date: DATE } }),
      sentAt: NOON - 120_000,
      receivedAt: NOON + 120_000,
    };
    assert.equal(refusedSkew(slow, "assertion"), undefined);
  });

  for (const headers of [{}, { date: "yesterday" }]) {
    it(`says nothing with the headers ${JSON.stringify(headers)}`, () => {
      assert.equal(refusedSkew(httpAnswer({ headers, at: 0 }), "proof"), undefined);
    });
  }
});

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
