import assert from "node:assert/strict";
import fc from "fast-check";
import { givenCredentials } from "../../../../token/aws/sources/open/given-credentials.ts";
import { lastWords, readProcessAnswer } from "../../../../token/aws/sources/open/open-process.ts";
import { isPrintable } from "../../../../token/text/printable.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");

/** What programs and agents must not repeat to a person. */
const SECRETS = [
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  `IQoJb3JpZ2luX2VjE${"Ab1/".repeat(40)}`,
  "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWFkYQ",
  "ghp_0123456789abcdefghijABCDEFGHIJ456789",
];

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'abc {}[]":,=\n\r\t\u001b\u0007\u009b\u202e\u200b\u2028\ud800'),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 2000,
});

describe("what a hostile program or agent says", () => {
  it("is shown in one short line that no terminal minds, without a secret", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...SECRETS), text, (before, secret, after) => {
        const shown = lastWords(`${before} ${secret} ${after}`);
        assert.ok(isPrintable(shown) && shown.length <= 210 && shown !== "", JSON.stringify(shown));
        assert.ok(!shown.includes(secret), shown);
      }),
      { numRuns: 1000 },
    );
  });

  it("hides a secret that is cut where the end of it begins", () => {
    for (const secret of SECRETS)
      for (let length = 0; length < 260; length += 7) {
        const shown = lastWords(`error: ${secret} ${"x ".repeat(length)}`);
        const parts = Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12));
        assert.ok(!parts.some((part) => shown.includes(part)), shown);
      }
  });

  it("hides a secret on the line after its name", () => {
    for (const name of ["SecretAccessKey:", "password =", "aws_session_token=", '"Token":'])
      assert.doesNotMatch(lastWords(`failed\n${name}\n  hunter2-Tr0ub4dor\nbye`), /hunter2/, name);
  });

  it("repeats no value of the wrong form that can be a secret, however deep it is", () => {
    const secret = "hunter2-Tr0ub4dor";
    const wrong = [secret, [secret], { SecretAccessKey: secret }, [[{ Token: secret }]]];
    const deep = `${"[".repeat(25_000)}${"]".repeat(25_000)}`;
    for (const shape of [...wrong.map((value) => JSON.stringify(value)), deep])
      for (const printed of [
        `{"Version":${shape}}`,
        `{"Version":1,"AccessKeyId":"A","SecretAccessKey":"b","Expiration":${shape}}`,
      ]) {
        const answer = readProcessAnswer(printed, NOW);
        assert.ok("fault" in answer && !answer.fault.includes("hunter2"), JSON.stringify(answer));
      }
  });

  it("is no keys if a part of them cannot be sent", () => {
    for (const bad of ["\ud800", "a\nb", "a b", "\u0000", "ä"])
      for (const name of ["AccessKeyId", "SecretAccessKey", "SessionToken"]) {
        const keys = { AccessKeyId: "A", SecretAccessKey: "b", SessionToken: "c", [name]: bad };
        assert.ok("fault" in givenCredentials(keys, "SessionToken"), `${name} ${JSON.stringify(bad)}`);
      }
  });

  it("is keys, or why it is none, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.json()), (printed) => {
        const answer = readProcessAnswer(printed, NOW);
        assert.ok(
          "fault" in answer && isPrintable(answer.fault) && answer.fault.length < 300,
          JSON.stringify(answer),
        );
      }),
    );
    const member = fc.oneof(text, fc.jsonValue(), fc.constant(undefined));
    const record = fc.record({
      AccessKeyId: fc.oneof(fc.constant("AKIA1"), member),
      SecretAccessKey: fc.oneof(fc.constant("canary"), member),
      SessionToken: member,
      Expiration: fc.oneof(fc.constant("2100-01-01T00:00:00Z"), member),
    });
    fc.assert(
      fc.property(record, (given) => {
        const answer = givenCredentials(given, "SessionToken");
        if ("fault" in answer)
          assert.ok(isPrintable(answer.fault) && answer.fault.length < 300, answer.fault);
        else assert.ok(answer.expires === undefined || answer.expires > 0);
      }),
    );
  });
});
