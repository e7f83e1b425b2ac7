import { findKubectl } from "../../doctor/probes/local/programs.ts";
import { withoutDebugLines } from "../../token/debug.ts";
import { envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import type { App } from "../app.ts";
import type { AskedOptions, DoctorOptions } from "./doctor-options.ts";
import { programRunner } from "./program-runner.ts";
import type { CommandResult } from "./question.ts";

/** Runs the kubectl command that follows `--`, shows what it says (unless names are to be redacted), and how it ended. It has no terminal to ask at. */
export async function runKubectl(
  app: App,
  { command, context, kubeconfig, redact }: AskedOptions & Pick<DoctorOptions, "redact">,
): Promise<CommandResult> {
  const env = { ...app.env, ...app.dropped };
  const words = command[0] === "kubectl" ? command.slice(1) : command;
  const program = findKubectl({ env, platform: app.platform });
  if (program === undefined) {
    throw new VouchError(
      "usage",
      `${envValue(env, "KUBECTL_PATH") ?? "kubectl"} is not on PATH, so the command was not run.`,
      {
        hint: "Run it elsewhere and paste what it says: `kubectl vouch doctor --error -`.",
      },
    );
  }
  const flags = [
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
  const result = await programRunner(app)(
    { kubectl: program, args: [...flags, ...words] },
    { env, signal: app.signal },
  );
  if (!redact) {
    app.io.out(result.stdout);
    app.io.err(result.stderr);
  }
  return { exitCode: result.exitCode, stderr: maskText(withoutDebugLines(result.stderr)) };
}
