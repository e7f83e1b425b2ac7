import { abridged } from "../../../doctor/doctor.ts";
import { withoutDebugLines } from "../../../token/debug.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import type { App } from "../../app.ts";
import { programRunner } from "../../programs/program-runner.ts";
import type { DoctorOptions } from "./options.ts";
import { type CalledClient, type CommandResult, calledClient } from "./question.ts";

/** How the call went: the output of the command now, or what was pasted. `isRepeated`: the command has failed before. */
export async function outcomeOf(
  app: App,
  options: DoctorOptions,
  { isRepeated = false }: { readonly isRepeated?: boolean } = {},
): Promise<CommandResult | undefined> {
  const { command, error, kubeconfig, redact, output } = options;
  if (command.length > 0) {
    const show = redact ? "nowhere" : output === "text" ? "out" : "err";
    const result = await runClient(app, calledClient(app, command, options), {
      kubeconfig,
      show,
      isRepeated,
    });
    requireUnderstood(result);
    return result;
  }
  if (error === undefined) return undefined;
  const stderr = withoutDebugLines(error === "-" ? await app.io.readStdin() : error);
  if (stderr.trim() !== "") return { stderr: abridged(stderr) };
  throw new VouchError("usage", "The error text is empty.", {
    hint: "Pipe it in: `kubectl get pods 2>&1 | kubectl vouch doctor --error -`.",
  });
}

/** A client's message for an invalid command line, which did not call a cluster. */
const NOT_UNDERSTOOD = /^(?:Error|error): unknown (?:command|flag|shorthand flag)\b.*/m;

function requireUnderstood({ command, stderr }: CommandResult): void {
  const [line] = NOT_UNDERSTOOD.exec(stderr) ?? [];
  if (line === undefined) return;
  throw new VouchError("usage", `The command is invalid and did not call a cluster: ${command}`, {
    hint: `Its output: ${line}. Correct the command after --.`,
  });
}

interface RunClientOptions {
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
