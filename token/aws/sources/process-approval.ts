import fs from "node:fs";
import path from "node:path";
import { ours, type Run, run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { type Env, envValue } from "../../env.ts";
import { VouchError } from "../../errors/errors.ts";
import { whyFailed } from "../../files/file-reasons.ts";
import { isRecord } from "../../record.ts";
import { FILE_VARIABLES } from "../file-variables.ts";
import { commandWords } from "./command-words.ts";
import { hintAtOrigin, placeOfOrigin } from "./plan-errors.ts";
import type { ProcessPlan } from "./plan-kinds.ts";

/** A `credential_process` that a person was shown and let be run. */
export interface ApprovedProcess {
  /** As it is written. */
  readonly line: string;
  /** Where it is written; absolute. */
  readonly configFile: string;
  /** What its first word meant then; absolute. */
  readonly program: string;
  /** What the variables that lead elsewhere were then: PATH, those of the home, and those of AWS's two files. */
  readonly env: Readonly<Record<string, string>>;
}

/** What approving needs of the machine. */
export interface ApprovalMachine {
  readonly env: Env;
  readonly isWindows: boolean;
  /** The file that a name without folders means, by our own PATH. */
  readonly lookPath: (command: string) => string | undefined;
}

const PINNED = ["PATH", "HOME", "USERPROFILE", ...FILE_VARIABLES];

/**
 * What is kept of a process that a person approves. Throws `credential-process-refused` for one that is not run: its program
 * is not found or others may change it, or the file that names it.
 */
export function approveProcess(plan: ProcessPlan, machine: ApprovalMachine): ApprovedProcess {
  const { env, isWindows, lookPath } = machine;
  const [command = ""] = processWords(plan, isWindows);
  const program = hasFolder(command, isWindows) ? command : lookPath(command);
  if (program === undefined) throw refused(plan, `its program ${command} is not on PATH`);
  if (!path.isAbsolute(program))
    throw refused(plan, `its program ${program} is another in every folder: name it from the root on`);
  const configFile = fileOf(plan);
  requireSafe(plan, [configFile, program]);
  const pinned = PINNED.flatMap((name) => {
    const value = envValue(env, name);
    return value === undefined ? [] : [[name, value]];
  });
  return { line: plan.line, configFile, program, env: Object.fromEntries(pinned) };
}

/** A `credential_process` as it is now. */
interface AskedProcess extends Pick<ApprovedProcess, "line" | "configFile"> {
  /** What its first word means now, where that counts. */
  readonly program?: string;
}

/** Whether this very line in this very file was approved, and this program where one is told. */
export function isApprovalOf(
  approved: ApprovedProcess | undefined,
  { line, configFile, program = approved?.program }: AskedProcess,
): approved is ApprovedProcess {
  return approved?.line === line && approved.configFile === configFile && approved.program === program;
}

/**
 * `asked` is the profile that is asked for, by which setup approves; null is whoever calls.
 * Throws `credential-process-unapproved` where nobody approved this very line in this very file, and
 * `credential-process-refused` where others may change what would be run.
 */
export function requireApproval(
  plan: ProcessPlan,
  approved: ApprovedProcess | undefined,
  asked: string | null,
): ApprovedProcess {
  const configFile = fileOf(plan);
  if (isApprovalOf(approved, { line: plan.line, configFile })) {
    requireSafe(plan, [configFile, approved.program]);
    return approved;
  }
  const [command = ""] = plan.line.trim().split(/\s/, 1);
  const what = approved === undefined ? "nobody approved it" : "it is not the one that was approved";
  throw new VouchError(
    "credential-process-unapproved",
    `${placeOfOrigin(plan.origin)}: credential_process would run ${command}, and ${what}.`,
    {
      hint: withCommands`Look at it and approve it: ${ours("setup eks", { cluster: "NAME", ...(asked === null ? { ambient: true } : { profile: asked }) })}`,
    },
  );
}

/** What was recorded; undefined for what no approval is. */
export function readApprovedProcess(value: unknown): ApprovedProcess | undefined {
  if (!isRecord(value)) return undefined;
  const { line, configFile, program, env } = value;
  if (typeof line !== "string" || typeof configFile !== "string" || typeof program !== "string")
    return undefined;
  if (!path.isAbsolute(program) || !isRecord(env)) return undefined;
  const pinned = PINNED.flatMap((name) => (typeof env[name] === "string" ? [[name, env[name]]] : []));
  return { line, configFile, program, env: Object.fromEntries(pinned) };
}

/** Throws `profile-invalid` for a line that no program reads. */
export function processWords({ line, origin }: ProcessPlan, isWindows: boolean): readonly string[] {
  const words = commandWords(line, isWindows);
  if (words !== undefined) return words;
  throw new VouchError(
    "profile-invalid",
    `${placeOfOrigin(origin)}: credential_process has a quote or a backslash at its end that is not closed.`,
    { hint: hintAtOrigin(origin) },
  );
}

function fileOf({ origin }: ProcessPlan): string {
  return "file" in origin ? origin.file : "";
}

function hasFolder(command: string, isWindows: boolean): boolean {
  return command.includes("/") || (isWindows && command.includes("\\"));
}

/** Files that are ours or root's, in folders in which nobody else can put others in their place. Windows knows no such bits. */
function requireSafe(plan: ProcessPlan, files: readonly string[]): void {
  const owner = process.getuid?.();
  if (owner === undefined) return;
  for (const file of files) {
    const found = statOf(plan, file);
    if (found.uid !== owner && found.uid !== 0)
      throw refused(plan, `${file} belongs to user ${found.uid}`, run("ls", "-lL", {}, file));
    if ((found.mode & 0o022) !== 0)
      throw refused(plan, `${file} can be written by others`, run("chmod", "go-w", {}, file));
    const folder = path.dirname(fs.realpathSync(file));
    const { mode } = fs.statSync(folder);
    if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
      throw refused(plan, `anybody can put another file into ${folder}`, run("chmod", "o-w", {}, folder));
  }
}

function statOf(plan: ProcessPlan, file: string): fs.Stats {
  let found: fs.Stats | undefined;
  try {
    found = fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw refused(plan, `${file} cannot be looked at: ${whyFailed(error)}`);
  }
  if (found === undefined) throw refused(plan, `${file} is not there`);
  return found;
}

function refused({ origin }: ProcessPlan, why: string, command?: Run): VouchError {
  const message = `${placeOfOrigin(origin)}: credential_process is not run: ${why}.`;
  const hint = command === undefined ? hintAtOrigin(origin) : withCommands`Set it right: ${command}`;
  return new VouchError("credential-process-refused", message, { hint });
}
