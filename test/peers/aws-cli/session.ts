import path from "node:path";
import { startJsonLines } from "../../support/json-lines.ts";
import type { CommandResult } from "../../support/run-command.ts";
import type { AwsCli } from "./programs.ts";

/** One process that is the AWS CLI for many calls, one after the other. */
export interface AwsCliSession {
  /** `words` without `aws`; `env` is the whole environment of the call but HOME. */
  run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandResult>;
  close(): Promise<void>;
}

const SCRIPT = path.join(import.meta.dirname, "session.py");

export function startAwsCli({ python }: AwsCli, home: string): AwsCliSession {
  const env = { HOME: home, PATH: process.env["PATH"] ?? "", PYTHONUTF8: "1" };
  const cli = startJsonLines([python, SCRIPT], env);
  return {
    run: async (words, callEnv) => (await cli.ask({ words, env: callEnv })) as CommandResult,
    close: cli.close,
  };
}
