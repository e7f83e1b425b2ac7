import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";
import type { Env } from "../../token/env.ts";
import { readWitnessed } from "../../token/files/plain-file.ts";

/** A machine whose files are read anew each time. `clock` decides which of them are old enough to be witnesses. */
export function awsMachine(homeDir: string, env: Env = {}, clock: () => number = Date.now): AwsMachine {
  return { env, homeDir, read: (file) => readWitnessed(file, clock()) };
}
