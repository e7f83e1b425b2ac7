import type { PipeListener, SecurityKeys } from "../../../token/fido2/hid/security-keys.ts";

export interface Refusal {
  /** The CTAP2 command, and the subcommand of clientPIN. */
  readonly command: number;
  readonly subcommand?: number;
  /** So many of them go through before. */
  readonly after?: number;
  /** What the key says instead, from the command byte on: `[0x90, 0, 1, status]`. */
  readonly answer: readonly number[];
}

/** Keys that answer one such command otherwise than by running it, and then behave. Counts how often it came. */
export function refuseOnce(keys: SecurityKeys, { command, subcommand, after = 0, answer }: Refusal) {
  let seen = 0;
  const open: SecurityKeys["open"] = async (info) => {
    const pipe = await keys.open(info);
    let listener: PipeListener | undefined;
    return {
      close: () => pipe.close(),
      listen: (each) => {
        listener = each;
        pipe.listen(each);
      },
      write: async (report) => {
        // CBOR on its first report; the parameters of clientPIN begin 01 protocol 02 subcommand.
        const meant =
          report[4] === 0x90 &&
          report[7] === command &&
          (subcommand === undefined || (report[9] === 0x01 && report[12] === subcommand));
        seen += meant ? 1 : 0;
        if (!meant || seen !== after + 1) {
          return pipe.write(report);
        }
        const reply = Buffer.alloc(64);
        reply.set([...report.subarray(0, 4), ...answer]);
        queueMicrotask(() => listener?.report(reply));
      },
    };
  };
  return { keys: { ...keys, open }, count: () => seen };
}
