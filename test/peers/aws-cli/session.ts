import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
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
  const child = spawn(python, [SCRIPT], { env, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(words, callEnv) {
      child.stdin.write(`${JSON.stringify({ words, env: callEnv })}\n`);
      const { value } = await answers.next();
      if (value === undefined) throw new Error(`the AWS CLI ended at: aws ${words.join(" ")}`);
      return JSON.parse(value) as CommandResult;
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "close");
    },
  };
}
