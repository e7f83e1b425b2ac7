import assert from "node:assert/strict";
import { awsClockSkew } from "../../../../doctor/rules/token/aws-clock-skew.ts";
import { healthyBundle } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  missingFor,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

function clocks(...seconds: number[]) {
  return { clocks: seconds.map((aheadSeconds, index) => ({ peer: `peer ${index + 1}`, aheadSeconds })) };
}

describe("aws-clock-skew", () => {
  it("is certain of a clock that makes every token expired", () => {
    const bundle = unauthorized(clocks(-2400, -2401));
    assert.deepEqual(verdicts(awsClockSkew, bundle), [
      {
        cause: "S8",
        stage: "token",
        severity: "error",
        confidence: "certain",
        commands: ["sudo timedatectl set-ntp true", "sudo hwclock -s"],
      },
    ]);
    assert.equal(
      findingsOf(awsClockSkew, bundle)?.[0]?.summary,
      "This machine's clock is 40 minutes slow: its tokens count as expired.",
    );
  });

  for (const [seconds, expected] of [
    [-901, ["S8 certain"]],
    [-899, ["S8 likely"]],
    [-119, []],
    [119, []],
    [299, ["S8 likely"]],
    [301, ["S8 certain"]],
  ] as const) {
    it(`is ${expected[0] ?? "silent"} at ${seconds} s`, () => {
      assert.deepEqual(confidences(awsClockSkew, unauthorized(clocks(seconds))), expected);
    });
  }

  it("is a warning where the clock only shortens tokens, and where the call works", () => {
    for (const bundle of [
      unauthorized(clocks(-600)),
      healthyBundle(clocks(-600)),
      healthyBundle(clocks(-3600)),
    ]) {
      assert.deepEqual(
        findingsOf(awsClockSkew, bundle)?.map(({ severity }) => severity),
        ["warning"],
      );
    }
  });

  it("does not believe one peer against another", () => {
    assert.deepEqual(confidences(awsClockSkew, unauthorized(clocks(-2400, 0))), []);
  });

  it("knows that a Vouch server minds less: 15 s ahead", () => {
    const bundle = pluginFailed(
      "us.vouch.sh refused the login: it does not accept this machine's registration.",
      {
        vouch: true,
        changes: clocks(15),
      },
    );
    assert.deepEqual(confidences(awsClockSkew, bundle), ["S8 likely"]);
    assert.deepEqual(confidences(awsClockSkew, unauthorized(clocks(15))), []);
  });

  it("is unknown while no clock was compared", () => {
    const { clocks: _, ...bundle } = unauthorized();
    assert.deepEqual(missingFor(awsClockSkew, bundle), ["clocks"]);
  });
});
