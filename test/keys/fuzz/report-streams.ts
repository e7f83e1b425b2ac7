import fc from "fast-check";
import type { HidPipe } from "../../../token/fido2/hid/security-keys.ts";
import type { Timers } from "../../../token/timers.ts";
import { softReports } from "../../lab/key/soft-reports.ts";
import {
  BROADCAST,
  CBOR,
  CHANNEL,
  ERROR,
  type HostMessage,
  INIT,
  KEEPALIVE,
  ScriptedPipe,
} from "../../token/fido2/scripted-pipe.ts";
import { jammable } from "./spoilt-wire.ts";

/** Between two keepalives, in milliseconds: less than the 5 s after which a key is taken for dead. */
const BLINK_MS = 3000;

/** Reports of every kind, often on a channel and with a command that matter. */
export const reports: fc.Arbitrary<Uint8Array> = fc
  .record({
    cid: fc.constantFrom(CHANNEL, CHANNEL, CHANNEL, BROADCAST, 0, CHANNEL + 1),
    marker: fc.oneof(
      fc.constantFrom(0x80 | CBOR, 0x80 | KEEPALIVE, 0x80 | ERROR, 0x80 | INIT),
      fc.nat(5),
      fc.nat(255),
    ),
    length: fc.oneof(fc.constantFrom(0, 1, 17, 57, 58, 116, 7609, 7610, 0xffff), fc.nat(200)),
    fill: fc.nat(255),
    size: fc.oneof({ weight: 15, arbitrary: fc.constant(64) }, { weight: 1, arbitrary: fc.nat(130) }),
  })
  .map(({ cid, marker, length, fill, size }) => {
    const report = Buffer.alloc(Math.max(64, size), fill);
    report.writeUInt32BE(cid, 0);
    report.writeUInt8(marker, 4);
    report.writeUInt16BE(length, 5);
    return report.subarray(0, size);
  });

/** One thing that a key does `after` so many milliseconds. */
type Deed =
  | { readonly does: "report"; readonly report: Uint8Array }
  | { readonly does: "answer"; readonly size: number; readonly spoil: "not" | "drop" | "twice" | "swap" }
  | { readonly does: "blink"; readonly status: number; readonly times: number }
  | { readonly does: "error"; readonly code: number }
  | { readonly does: "unplug" }
  | { readonly does: "jam" };

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant("report" as const), report: reports }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("answer" as const),
      size: fc.nat(400),
      spoil: fc.constantFrom("not", "not", "drop", "twice", "swap"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("blink" as const),
      status: fc.constantFrom(1, 2, 2, 255),
      times: fc.constantFrom(1, 1, 3, 40),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("error" as const),
      code: fc.oneof(fc.constantFrom(1, 4, 5, 6, 6, 10, 11, 0x7f), fc.nat(255)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: "unplug" as const }) },
  { weight: 1, arbitrary: fc.constant({ does: "jam" as const }) },
);

/** How a key behaves: what it does to each message in turn, the last for ever; and when the person has enough. */
export interface Behaviour {
  /** Whether INIT is answered as it should be. */
  readonly answersInit: boolean;
  readonly turns: readonly (readonly { readonly afterMs: number; readonly deed: Deed }[])[];
  readonly abortMs: number | undefined;
  /** Bytes of the request. */
  readonly size: number;
}

export const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  answersInit: fc.oneof(
    { weight: 9, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  turns: fc.array(
    fc.array(fc.record({ afterMs: fc.oneof(fc.nat(300), fc.nat(6000)), deed: deeds }), { maxLength: 8 }),
    { minLength: 1, maxLength: 4 },
  ),
  abortMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(10_000) },
  ),
  size: fc.nat(1200),
});

/** The wire to a key of this behaviour. It blinks until the next message. */
export function playedBy({ answersInit, turns }: Behaviour, timers: Timers): HidPipe {
  let turn = 0;
  let stopBlinking = () => {};
  const blink = (times: number, say: () => void) => {
    say();
    if (times > 1) stopBlinking = timers.after(BLINK_MS, () => blink(times - 1, say));
  };
  const play = (deed: Deed, { cid }: HostMessage, pipe: ScriptedPipe) => {
    const say = (command: number, byte: number) => pipe.answer(cid, command, Buffer.from([byte]));
    switch (deed.does) {
      case "report":
        pipe.feed(deed.report);
        break;
      case "answer":
        for (const report of spoilt(softReports(cid, CBOR, Buffer.alloc(deed.size)), deed.spoil)) {
          pipe.feed(report);
        }
        break;
      case "blink":
        blink(deed.times, () => say(KEEPALIVE, deed.status));
        break;
      case "error":
        say(ERROR, deed.code);
        break;
      case "unplug":
        pipe.unplug();
        break;
      case "jam":
        jam();
    }
  };
  const scripted = new ScriptedPipe((message, pipe) => {
    stopBlinking();
    if (message.command === INIT && answersInit) pipe.answerInit(message);
    for (const { afterMs, deed } of turns[Math.min(turn, turns.length - 1)] ?? []) {
      timers.after(afterMs, () => play(deed, message, pipe));
    }
    turn += 1;
  });
  const { jam, pipe: wire } = jammable(scripted);
  return wire;
}

function spoilt(whole: readonly Uint8Array[], how: "not" | "drop" | "twice" | "swap"): readonly Uint8Array[] {
  const [first = new Uint8Array(), second, ...rest] = whole;
  if (how === "not" || second === undefined) return whole;
  if (how === "drop") return [first, ...rest];
  return how === "twice" ? [first, second, second, ...rest] : [second, first, ...rest];
}
