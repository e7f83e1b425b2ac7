/** Two ways to run the hot path on Node's host. */
import { answerWarm } from "../../token/hot/answer.ts";
import { nodeHost } from "../../token/node-host.ts";
import type { HotCall } from "./hot-on-disk.ts";
import { type CommandResult, runCommand } from "./run-command.ts";
import type { WarmVariables } from "./warm-answer.ts";

/** By a program of `warm-answer.ts`. */
export function asProgram(program: string, { args, env, now, parentId }: HotCall): Promise<CommandResult> {
  const told: WarmVariables = { WARM_NOW: String(now), WARM_PARENT: String(parentId) };
  return runCommand([process.execPath, program, ...args], { env: { ...env, ...told } });
}

/** In this process, with the real host; printed text is kept. */
export function inProcess({ args, env, now, parentId }: HotCall, uid = process.getuid?.()) {
  const printed: string[] = [];
  const program: NodeJS.Process = Object.create(process, {
    argv: { value: ["node", "program", ...args] },
    env: { value: env },
    getuid: { value: () => uid },
  });
  const host = { ...nodeHost(program), now: () => now, parentId: () => parentId };
  const answered = answerWarm({ ...host, print: (text) => void printed.push(text) });
  return { answered, printed: printed.join("") };
}
