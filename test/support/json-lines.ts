import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that answers each line of JSON with one, in the order of the questions. */
export interface JsonLines {
  /** Rejects if the program ends instead; its message is on stderr. */
  ask(question: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** `env` is the whole environment. */
export function startJsonLines(command: readonly string[], env: Readonly<Record<string, string>>): JsonLines {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env: { ...env }, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      const line = JSON.stringify(question);
      child.stdin.write(`${line}\n`);
      const { value } = await answers.next();
      if (value === undefined) throw new Error(`${command.join(" ")} ended at ${line}`);
      return JSON.parse(value);
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "close");
    },
  };
}
