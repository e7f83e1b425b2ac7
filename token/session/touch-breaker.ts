import type { ErrorCode } from "../errors/errors.ts";
import { readTextFile } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { deleteFile } from "../files/sharing.ts";
import { fnv64 } from "../hot/fnv.ts";

/** A requested login that did not succeed. */
interface RefusedLogin {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How it ended; undefined if an earlier version recorded it. */
  readonly code: string | undefined;
}

/**
 * Remembers that a login was requested and was refused or not completed, so that a program polling overnight asks once and not a
 * hundred times. Kept in a file, because every call is a separate process. Only `login`, typed by a user, resets it.
 */
interface TouchBreaker {
  /** The refused login; undefined while asking is allowed. */
  refused(): RefusedLogin | undefined;
  trip(now: number, code: ErrorCode): void;
  reset(): void;
}

/** The breaker of one server. */
export function touchBreaker(state: string, server: string): TouchBreaker {
  const file = `${state}/touch-refused-${fnv64(server)}.json`;
  return {
    refused() {
      const [, at, code] = /^(\d{1,15})(?: ([a-z-]{1,40}))?$/.exec(readTextFile(file) ?? "") ?? [];
      return at === undefined ? undefined : { at: Number(at), code };
    },
    trip(now, code) {
      ensurePrivateDirectory(state);
      writeFileAtomically(file, `${now} ${code}`);
    },
    reset() {
      deleteFile(file);
    },
  };
}
