import { withoutDebugLines } from "../../token/debug.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import type { App } from "../app.ts";
import { programRunner } from "../programs/program-runner.ts";
import type { CalledClient } from "./called-client.ts";
import type { CommandResult } from "./question.ts";

export interface RunClientOptions {
  readonly kubeconfig: string | undefined;
  /** Where to show its output: nowhere, if names are redacted; not inside a report that programs read. */
  readonly show: "out" | "err" | "nowhere";
  /** It has failed before: its output is only shown if it works now. */
  readonly isRepeated?: boolean;
}

/** Runs the command after `--`, shows its output, and returns how it ended. It has no terminal to ask at. */
export async function runClient(
  app: App,
  { program, words, args }: CalledClient,
  { kubeconfig, isRepeated = false, ...options }: RunClientOptions,
): Promise<CommandResult> {
  const env = {
    ...app.env,
    ...app.dropped,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  const result = await programRunner(app)({ client: program, args }, { env, signal: app.signal });
  const show = isRepeated && result.exitCode !== 0 ? "nowhere" : options.show;
  if (show === "out") app.io.out(result.stdout);
  if (show === "err") app.io.err(result.stdout);
  if (show !== "nowhere") app.io.err(result.stderr);
  return {
    command: words.map(shellWord).join(" "),
    exitCode: result.exitCode,
    stderr: maskText(withoutDebugLines(result.stderr)),
  };
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
