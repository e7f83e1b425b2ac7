import fc from "fast-check";
import type { HidPipe, SecurityKeys } from "../../../token/fido2/hid/security-keys.ts";

/** One of a key's reports, counted from the first, that does not arrive as it was sent, or the last before the wire jams. */
export interface WireFault {
  readonly at: number;
  readonly how: "flip" | "drop" | "twice" | "zeros" | "jam";
  readonly bit: number;
}

export const wireFaults: fc.Arbitrary<WireFault[]> = fc.array(
  fc.record({
    at: fc.nat(40),
    how: fc.constantFrom("flip", "flip", "flip", "drop", "twice", "zeros", "jam"),
    bit: fc.nat(511),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The same keys on wires that spoil what they say. */
export function onSpoiltWire(keys: SecurityKeys, faults: readonly WireFault[]): SecurityKeys {
  return {
    list: keys.list,
    open: async (key) => spoiltWire(await keys.open(key), faults),
  };
}

/** A pipe that can be made to take nothing more, without a word about it. */
export function jammable(pipe: HidPipe) {
  let isJammed = false;
  const write = async (report: Uint8Array) => {
    if (isJammed) throw new Error("Cannot write to hid device: jammed");
    await pipe.write(report);
  };
  const jam = () => {
    isJammed = true;
  };
  return { jam, pipe: { listen: pipe.listen, write, close: pipe.close } };
}

function spoiltWire(whole: HidPipe, faults: readonly WireFault[]): HidPipe {
  const { jam, pipe } = jammable(whole);
  let sent = -1;
  return {
    ...{ write: pipe.write, close: pipe.close },
    listen({ report, error }) {
      pipe.listen({
        error,
        report(bytes) {
          sent += 1;
          const fault = faults.find(({ at }) => at === sent);
          if (fault?.how === "jam") jam();
          for (const arriving of fault === undefined ? [bytes] : spoilt(bytes, fault)) report(arriving);
        },
      });
    },
  };
}

function spoilt(report: Uint8Array, { how, bit }: WireFault): Uint8Array[] {
  switch (how) {
    case "drop":
      return [];
    case "jam":
      return [report];
    case "twice":
      return [report, report];
    case "zeros":
      return [new Uint8Array(report.length)];
    case "flip": {
      const copy = Uint8Array.from(report);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return [copy];
    }
  }
}
