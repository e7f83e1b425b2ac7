import { abridged } from "../../doctor/doctor.ts";
import { withoutDebugLines } from "../../token/debug.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { calledClient } from "./called-client.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import type { CommandResult } from "./question.ts";
import { runClient } from "./run-client.ts";

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
