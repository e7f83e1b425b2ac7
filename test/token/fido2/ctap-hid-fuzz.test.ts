import assert from "node:assert/strict";
import { VouchError } from "../../../token/errors/errors.ts";
import { CtapHid } from "../../../token/fido2/ctap-hid.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";
import { BROADCAST, CBOR, CHANNEL, ERROR, INIT, KEEPALIVE, ScriptedPipe } from "./scripted-pipe.ts";

/** Numbers from 0 to below `limit`, the same for the same seed: a linear congruential generator, low bits left out. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % limit;
  };
}

/** A report that is noise, but often on a channel and with a command that matter. */
function noise(below: (limit: number) => number): Buffer {
  const report = Buffer.from(Array.from({ length: below(20) === 0 ? below(130) : 64 }, () => below(256)));
  if (report.length >= 7 && below(4) > 0) {
    report.writeUInt32BE([CHANNEL, CHANNEL, CHANNEL, BROADCAST, 0][below(5)] ?? 0, 0);
    report.writeUInt8(
      [0x80 | CBOR, 0x80 | KEEPALIVE, 0x80 | ERROR, 0x80 | INIT, below(4), below(256)][below(6)] ?? 0,
      4,
    );
    report.writeUInt16BE(below(3) === 0 ? below(65536) : below(200), 5);
  }
  return report;
}

/** A key that answers INIT as it should, more or less, and everything else with noise at odd moments. */
function noisyKey(seed: number) {
  const below = numbers(seed);
  const timers = virtualTimers();
  const pipe = new ScriptedPipe((message, at) => {
    if (message.command === INIT && below(8) > 0) at.answerInit(message);
    for (let left = below(30); left > 0; left -= 1) {
      timers.after(below(3000), () => at.feed(noise(below)));
    }
    if (below(40) === 0) timers.after(below(2000), () => at.unplug());
  });
  return { pipe, timers };
}

describe("CtapHid under noise", () => {
  for (let block = 0; block < 8; block += 1) {
    it(`always ends, in an answer or an expected error: seeds ${block * 50} to ${block * 50 + 49}`, async () => {
      const outcomes = new Set<string>();
      for (let seed = block * 50; seed < block * 50 + 50; seed += 1) {
        const { pipe, timers } = noisyKey(seed);
        const signal = new AbortController().signal;
        try {
          const hid = await CtapHid.open(pipe, { timers, signal, onBusy: () => {} });
          await hid.send({ command: CBOR, payload: Buffer.alloc(seed * 3) });
          outcomes.add("answer");
        } catch (error) {
          assert.ok(error instanceof VouchError, `seed ${seed}: ${error}`);
          outcomes.add(error.code);
        }
        assert.ok(timers.now() < 400_000, `seed ${seed} took ${timers.now()} ms`);
      }
      assert.ok(outcomes.has("answer") && outcomes.has("security-key-failed"), [...outcomes].join());
    });
  }
});
