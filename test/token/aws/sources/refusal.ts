import assert from "node:assert/strict";
import { type ErrorCode, VouchError } from "../../../../token/errors/errors.ts";

interface Refusal {
  readonly code: ErrorCode;
  readonly exit: number;
  /** What stands in the message. */
  readonly says: RegExp | string;
}

/** Expects an error of ours, without a secret in it and with a command to paste. */
export async function assertRefused(
  work: () => Promise<unknown>,
  { code, exit, says }: Refusal,
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof VouchError, String(error));
    assert.deepEqual([error.code, error.exit], [code, exit], error.message);
    const isSaid = typeof says === "string" ? error.message.includes(says) : says.test(error.message);
    assert.ok(isSaid, error.message);
    assert.match(error.hint, /`.+`/);
    assert.doesNotMatch(error.message + error.hint, /canary/);
    return true;
  });
}
