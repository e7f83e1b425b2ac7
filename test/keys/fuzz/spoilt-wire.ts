import fc from "fast-check";
import type { HidPipe } from "../../../token/fido2/hid-pipe.ts";
import type { SecurityKeys } from "../../../token/fido2/security-keys.ts";

/** One of a key's reports, counted from the first, that does not arrive as it was sent. */
export interface WireFault {
  readonly at: number;
  readonly how: "flip" | "drop" | "twice" | "zeros";
  readonly bit: number;
}

export const wireFaults: fc.Arbitrary<WireFault[]> = fc.array(
  fc.record({
    at: fc.nat(40),
    how: fc.constantFrom("flip", "flip", "flip", "drop", "twice", "zeros"),
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

function spoiltWire(pipe: HidPipe, faults: readonly WireFault[]): HidPipe {
  let sent = -1;
  return {
    ...{ write: pipe.write, close: pipe.close },
    listen({ report, error }) {
      pipe.listen({
        error,
        report(bytes) {
          sent += 1;
          const fault = faults.find(({ at }) => at === sent);
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
