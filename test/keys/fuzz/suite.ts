import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeAnswer } from "../../../token/fido2/ctap/cbor.ts";
import { Ctap2 } from "../../../token/fido2/ctap/ctap2.ts";
import { CtapHid } from "../../../token/fido2/hid/ctap-hid.ts";
import { MessageAssembler } from "../../../token/fido2/hid/hid-frames.ts";
import type { SecurityKeys } from "../../../token/fido2/hid/security-keys.ts";
import type { Timers } from "../../../token/timers.ts";
import { SOFT_KEY_PROFILES, type SoftKeyProfile } from "../../lab/key/soft-key-profiles.ts";
import { softReports } from "../../lab/key/soft-reports.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";
import { keyBench, PIN } from "../../token/fido2/key-bench.ts";
import { registrationBench } from "../../token/fido2/registration-bench.ts";
import { CBOR, CHANNEL, INIT, KEEPALIVE, ScriptedPipe } from "../../token/fido2/scripted-pipe.ts";
import { ANSWER_TARGETS, type AnswerTarget, genuineTrees } from "./answers.ts";
import { heapGrowth } from "./heap-growth.ts";
import { ModelAssembler } from "./model-assembler.ts";
import { mutated, mutations } from "./mutations.ts";
import { count, expected, type Outcomes, outcomeOf, watchOutside } from "./outcomes.ts";
import { behaviours, playedBy, reports } from "./report-streams.ts";
import { inWords, readBySecond } from "./second-reader.ts";
import { answerFaults, withSpoiltAnswers } from "./spoilt-answers.ts";
import { onSpoiltWire, wireFaults } from "./spoilt-wire.ts";

export interface FuzzSettings {
  /** For each target. */
  readonly cases: number;
  readonly seed: number;
  /** Where the figures of each target go. */
  readonly say: (line: string) => void;
}

/**
 * Opening and one request: each may be busy for 30 s, twice, its last try and its resynchronizing going on for 90 s.
 * Source: token/fido2/hid/hid-exchange.ts, ctap-hid.ts.
 */
const ENDS_WITHIN_MS = 600_000;
/** Twenty requests or so, each as long as that. */
const CEREMONY_ENDS_WITHIN_MS = 20 * ENDS_WITHIN_MS;
/** How long a key may take to answer CANCEL, and a little. Source: token/fido2/hid/hid-exchange.ts. */
const CANCEL_MS = 1100;

export function fuzz({ cases, seed, say }: FuzzSettings): void {
  const settings = { numRuns: cases, seed };
  const quiet = { signal: new AbortController().signal, onBusy: () => {} };
  let outside: ReturnType<typeof watchOutside>;

  beforeEach(() => {
    outside = watchOutside();
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    outside.end();
  });

  const tell = (name: string, outcomes: Outcomes, more = "") => {
    const kinds = [...outcomes].sort((a, b) => b[1] - a[1]).map(([kind, times]) => `${kind} ${times}`);
    say(`${name}: ${cases} cases${more}; ${kinds.join(", ")}`);
  };
  /** That enough of the cases, in per cent, went as far as that. */
  const reached = (what: string, times: number, percent: number) =>
    assert.ok(times * 100 >= cases * percent, `only ${times} of ${cases} ${what}`);

  describe("the CBOR of answers", () => {
    it("is taken and refused as cbor2 does, and read the same", async () => {
      const trees = (await Promise.all(ANSWER_TARGETS.map(genuineTrees))).flat();
      const outcomes: Outcomes = new Map();
      const answers = fc.oneof(
        { weight: 9, arbitrary: mutations.map((mutation) => mutated(trees, mutation)) },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }) },
      );
      const verdict = (bytes: Uint8Array) => {
        try {
          return inWords(decodeAnswer(bytes));
        } catch (error) {
          expected(error);
          return undefined;
        }
      };
      fc.assert(
        fc.property(answers, (bytes) => {
          fc.pre(bytes.length > 0);
          const ours = verdict(bytes);
          assert.equal(ours, readBySecond(bytes), Buffer.from(bytes).toString("hex"));
          count(outcomes, ours === undefined ? "refused" : "taken");
        }),
        settings,
      );
      tell("CBOR", outcomes);
      reached("were taken", outcomes.get("taken") ?? 0, 15);
      reached("were refused", outcomes.get("refused") ?? 0, 15);
    });
  });

  describe("an answer that is spoilt", () => {
    for (const target of ANSWER_TARGETS) {
      it(`ends in a value or an expected error: ${target.name}`, async () => {
        const { outcomes, decoded } = await askSpoilt(target);
        tell(target.name, outcomes, `, ${decoded} through the decoder`);
        const values = outcomes.get("value") ?? 0;
        reached("passed the decoder", decoded, 25);
        reached("came out whole", values, 3);
        reached("passed the decoder and were refused behind it", decoded - values, 0.3);
      });
    }

    async function askSpoilt(target: AnswerTarget) {
      const trees = await genuineTrees(target);
      const outcomes: Outcomes = new Map();
      const timers = virtualTimers();
      let answer: Uint8Array = new Uint8Array();
      const pipe = new ScriptedPipe((message, at) => {
        at.sent.length = 0;
        if (message.command === INIT) at.answerInit(message);
        else for (const report of softReports(message.cid, CBOR, answer)) at.feed(report);
      });
      const ctap = new Ctap2(await CtapHid.open(pipe, { timers, ...quiet }));
      let decoded = 0;
      const status = fc.oneof(
        { weight: 30, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat(255) },
      );
      await fc.assert(
        fc.asyncProperty(mutations, status, async (mutation, first) => {
          const body = mutated(trees, mutation);
          answer = Buffer.concat([Buffer.from([first]), body]);
          if (first === 0 && isDecoded(body)) decoded += 1;
          count(outcomes, await outcomeOf(target.ask(ctap), { timers, limitMs: ENDS_WITHIN_MS }));
        }),
        settings,
      );
      return { outcomes, decoded };
    }
  });

  describe("a key that is spoilt within", () => {
    // A ceremony is some fifty times the work of one answer.
    const ceremonies = Math.ceil(cases / 10);
    const wires = wireFaults.map((faults) => (keys: SecurityKeys) => onSpoiltWire(keys, faults));
    const answers = answerFaults.map((faults) => (keys: SecurityKeys) => withSpoiltAnswers(keys, faults));

    for (const [name, run] of [
      ["a login", login],
      ["a registration", register],
    ] as const) {
      it(`ends ${name}, in what is asked for or in an expected error`, async () => {
        const outcomes: Outcomes = new Map();
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(...SOFT_KEY_PROFILES),
            fc.oneof(wires, answers),
            async (...fault) => {
              const { promise, timers } = run(...fault);
              count(outcomes, await outcomeOf(promise, { timers, limitMs: CEREMONY_ENDS_WITHIN_MS }));
            },
          ),
          { numRuns: ceremonies, seed },
        );
        tell(name, outcomes, `, ${ceremonies} of them`);
        reached("went well", (outcomes.get("value") ?? 0) * 10, 10);
        reached("failed", (outcomes.get("security-key-failed") ?? 0) * 10, 10);
      });
    }
  });

  describe("a stream of reports", () => {
    it("is put together as in the plainest way", () => {
      const outcomes: Outcomes = new Map();
      const whole = fc
        .record({ command: fc.nat(127), size: fc.nat(900), fill: fc.nat(255) })
        .map(({ command, size, fill }) => softReports(CHANNEL, command, Buffer.alloc(size, fill)));
      const pieces = fc.oneof(
        whole,
        reports.map((report) => [report]),
      );
      fc.assert(
        fc.property(fc.array(pieces, { maxLength: 8 }), (streams) => {
          const assembler = new MessageAssembler(CHANNEL);
          const model = new ModelAssembler(CHANNEL);
          for (const report of streams.flat()) {
            const heard = assembler.feed(report);
            assert.deepEqual(plain(heard), plain(model.feed(report)));
            count(outcomes, typeof heard === "object" ? "message" : (heard ?? "nothing"));
          }
        }),
        settings,
      );
      tell("frames", outcomes);
      reached("messages came together", outcomes.get("message") ?? 0, 50);
    });

    it("always ends in an answer or an expected error, and soon after an interruption", async () => {
      const outcomes: Outcomes = new Map();
      await fc.assert(
        fc.asyncProperty(behaviours, async (behaviour) => {
          const timers = virtualTimers();
          const abort = new AbortController();
          const { abortMs } = behaviour;
          if (abortMs !== undefined) timers.after(abortMs, () => abort.abort());
          const pipe = playedBy(behaviour, timers);
          const options = { timers, signal: abort.signal, onBusy: () => {} };
          const login = async () => {
            const hid = await CtapHid.open(pipe, options);
            await hid.send({ command: CBOR, payload: Buffer.alloc(behaviour.size) });
          };
          const limitMs = abortMs === undefined ? ENDS_WITHIN_MS : abortMs + CANCEL_MS;
          count(outcomes, await outcomeOf(login(), { timers, limitMs }));
        }),
        settings,
      );
      tell("streams", outcomes);
      reached("were answered", outcomes.get("value") ?? 0, 3);
      for (const code of ["failed", "unsupported", "busy", "untouched"].map((end) => `security-key-${end}`)) {
        reached(`ended with ${code}`, outcomes.get(code) ?? 0, 0.2);
      }
      reached("were interrupted", outcomes.get("interrupted") ?? 0, 1);
    });

    it("takes no more memory the longer it is", async () => {
      const pipe = new ScriptedPipe((message, at) => {
        if (message.command === INIT) at.answerInit(message);
      });
      const { timers, pending } = stoppedTime();
      const hid = await CtapHid.open(pipe, { timers, ...quiet });
      const answer = hid.send({ command: CBOR, payload: Buffer.from([4]) });
      await new Promise((resolve) => setImmediate(resolve));
      const stream = fc.sample(reports.filter(endsNothing), { numRuns: 2000, seed });
      const flood = (times: number) => {
        for (let round = 0; round < times; round += 1) for (const report of stream) pipe.feed(report);
      };
      flood(20);
      const growth = heapGrowth(() => flood(100));
      say(`memory: ${100 * stream.length} reports, ${growth} bytes more`);
      assert.ok(growth < 100_000, `${growth} bytes more after ${100 * stream.length} reports`);
      assert.ok(pending() <= 2, `${pending()} timers`);
      pipe.answer(CHANNEL, CBOR, Buffer.from([0]));
      assert.deepEqual([...(await answer)], [0], "the request was under way all the time");
    });
  });
}

/** Time in which nothing falls due, and how much is waited for. */
function stoppedTime(): { readonly timers: Timers; readonly pending: () => number } {
  const waiting = new Set<object>();
  const after: Timers["after"] = (_, fire) => {
    const timer = { fire };
    waiting.add(timer);
    return () => waiting.delete(timer);
  };
  return { timers: { now: () => 0, after }, pending: () => waiting.size };
}

/** As often as anybody may be asked: three times for each time that the key is plugged in again. */
const PINS = Array.from({ length: 30 }, () => PIN);

type Spoil = (keys: SecurityKeys) => SecurityKeys;

function login(profile: SoftKeyProfile, spoil: Spoil) {
  const bench = keyBench({ profile, pins: PINS });
  return { timers: bench.timers, promise: bench.login({ keys: spoil(bench.options.keys) }) };
}

function register(profile: SoftKeyProfile, spoil: Spoil) {
  const newPins = PINS.map((pin) => [pin, pin] as const);
  const bench = registrationBench({ profile, pins: PINS, newPins });
  const excludeIds = Array.from({ length: 20 }, (_, index) => Buffer.alloc(32, index));
  return {
    timers: bench.timers,
    promise: bench.register({ excludeIds }, { keys: spoil(bench.options.keys) }),
  };
}

/** Whether a request goes on after such a report. */
function endsNothing(report: Uint8Array): boolean {
  const bytes = Buffer.from(report);
  if (bytes.length !== 64 || bytes.readUInt32BE(0) !== CHANNEL) return true;
  const marker = bytes.readUInt8(4);
  return (marker === (0x80 | KEEPALIVE) || marker === (0x80 | INIT)) && bytes.readUInt16BE(5) <= 7609;
}

function isDecoded(body: Uint8Array): boolean {
  try {
    decodeAnswer(body);
    return true;
  } catch {
    return false;
  }
}

function plain(heard: ReturnType<MessageAssembler["feed"]>) {
  return typeof heard === "object"
    ? { command: heard.command, payload: Buffer.from(heard.payload).toString("hex") }
    : heard;
}
