import fs from "node:fs";
import { ensurePrivateDirectory, readTextFile, writeFileAtomically } from "../files/private-file.ts";
import { fnv64 } from "../hot/fnv.ts";

/**
 * Remembers that a touch was asked for and refused or not given, so that a program polling overnight asks once and not
 * a hundred times. In a file, because every call is a process of its own. Only `login`, typed by a person, resets it.
 */
export interface TouchBreaker {
  /** When the touch was refused, in milliseconds since 1970; undefined while asking is allowed. */
  refusedAt(): number | undefined;
  trip(now: number): void;
  reset(): void;
}

/** The breaker of one server. */
export function touchBreaker(state: string, server: string): TouchBreaker {
  const file = `${state}/touch-refused-${fnv64(server)}.json`;
  return {
    refusedAt() {
      const text = readTextFile(file) ?? "";
      return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
    },
    trip(now) {
      ensurePrivateDirectory(state);
      writeFileAtomically(file, String(now));
    },
    reset() {
      fs.rmSync(file, { force: true });
    },
  };
}
