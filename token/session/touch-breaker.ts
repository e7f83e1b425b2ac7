import fs from "node:fs";
import type { ErrorCode } from "../errors/errors.ts";
import { ensurePrivateDirectory, readTextFile, writeFileAtomically } from "../files/private-file.ts";
import { fnv64 } from "../hot/fnv.ts";

/** A login that was asked for and came to nothing. */
export interface RefusedLogin {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How it ended; undefined where an earlier version wrote it down. */
  readonly code: string | undefined;
}

/**
 * Remembers that a login was asked for and refused or not given, so that a program polling overnight asks once and not
 * a hundred times. In a file, because every call is a process of its own. Only `login`, typed by a person, resets it.
 */
export interface TouchBreaker {
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
      fs.rmSync(file, { force: true });
    },
  };
}
