import assert from "node:assert/strict";
import { refusedSkew } from "../../../token/vouch/clock-skew.ts";
import { httpAnswer, NOON } from "./http-answer.ts";

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
