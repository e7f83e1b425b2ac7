import fs from "node:fs";
import path from "node:path";
import { isAllowed, readPluginRules } from "../../doctor/doctor.ts";
import { findProgram, isExecutable, searchIn } from "../../doctor/probes/local/find-program.ts";
import { type KubercFile, kubercFile } from "../../doctor/probes/local/kuberc-file.ts";
import {
  ForbiddenProgram,
  type ProbeHost,
  type Program,
  type RunOptions,
  type RunResult,
} from "../../doctor/probes/probe-host.ts";
import { workFolder } from "../../token/aws/sources/named-files.ts";
import type { PlanAccess } from "../../token/aws/sources/opened-source.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { Machine } from "../../token/files/folders.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { runProgram } from "./run-program.ts";

/**
 * The one way to run other programs. They are found by our own PATH, never by that of an exec block and never in the current
 * folder. A credential plugin is run only if the user's preferences allow kubectl to run it; preferences that cannot be read allow
 * nothing. They apply whatever the version of kubectl: they are about the programs.
 */
export function programRunner(
  machine: Machine,
  /** The file of `--kuberc` on the command line that is examined: it can forbid more, and allows nothing. */
  namedKuberc?: string,
): ProbeHost["run"] {
  const lookPath = (command: string) => {
    const file = findProgram(command, searchIn(machine));
    return file !== undefined && isExecutable(file) ? file : undefined;
  };
  const named = namedKuberc === undefined ? [] : [{ path: namedKuberc, isNamed: true }];
  const files = [kubercFile(machine), ...named].filter((file) => file !== undefined);
  return async (program, options) => {
    const command = "client" in program ? program.client : program.plugin;
    for (const file of files)
      for (const plugin of pluginsOf(program)) {
        const reason = refusal(file, plugin, lookPath);
        if (reason !== undefined) throw new ForbiddenProgram(`${reason}, so ${command} was not run`);
      }
    const file = lookPath(command);
    if (file === undefined || !path.isAbsolute(file))
      throw new Error(`exec: executable ${command} not found`);
    return runProgram([file, ...program.args], options);
  };
}

/** Runs a program of the system, which only root can change, by its absolute path. Rejects if it does not exist. */
export async function runSystemProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { uid, mode } = fs.statSync(file);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${file} is not the system's`);
  return runProgram([file, ...args], options);
}

function pluginsOf(program: Program): readonly string[] {
  if ("client" in program) return [];
  return program.instead === undefined ? [program.plugin] : [program.plugin, program.instead];
}

/** Why the preferences do not let kubectl run the plugin; undefined if they do. */
function refusal(
  { path: file, isNamed }: KubercFile,
  command: string,
  lookPath: (command: string) => string | undefined,
): string | undefined {
  try {
    const text = readTextFile(file);
    if (text === undefined) return isNamed ? `kubectl's preferences ${file} were not found` : undefined;
    const rules = readPluginRules(text);
    if (rules === undefined || isAllowed(rules, command, lookPath)) return undefined;
    const { policy, contradiction } = rules;
    if (contradiction !== undefined) return `the policy in ${file} is not valid: ${contradiction}`;
    return `credentialPluginPolicy ${policy} in ${file} does not allow kubectl to run ${command}`;
  } catch (error) {
    return `kubectl's preferences ${file} cannot be read: ${reasonOf(error)}`;
  }
}

/** How long a `credential_process` may take, in milliseconds: it can query a server, but not the user. */
const LIMIT_MS = 60_000;

/**
 * Runs the `credential_process` of an AWS profile, which the user approved, by its absolute path to its end, in the home folder that
 * it had then: interpreters load code from the current one (`python -m`). kubectl's preferences do not apply, since they are about
 * what kubectl itself runs. Source: token/aws/sources/process-approval.ts.
 */
export function credentialProcessRunner(signal: AbortSignal, limitMs = LIMIT_MS): PlanAccess["runProcess"] {
  return async (command, env) => {
    const late = AbortSignal.timeout(limitMs);
    try {
      const folder = workFolder(env, process.platform === "win32");
      const options = { env, folder, signal: AbortSignal.any([signal, late]) };
      const { exitCode, stdout, stderr } = await runProgram(command, options);
      return { status: exitCode < 0 ? undefined : exitCode, stdout, stderr };
    } catch (error) {
      if (signal.aborted) throw new VouchError("interrupted", "Interrupted while a credential_process ran.");
      if (late.aborted) return { status: undefined, stdout: "", stderr: "", lateMs: limitMs };
      throw error;
    }
  };
}
