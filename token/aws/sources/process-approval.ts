import path from "node:path";
import { ours, type Run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { type Env, envValue } from "../../env.ts";
import { VouchError } from "../../errors/errors.ts";
import { tamperingRisk } from "../../files/tampering-risk.ts";
import { maskText } from "../../masking/mask-text.ts";
import { isRecord } from "../../record.ts";
import { FILE_VARIABLES } from "../file-variables.ts";
import { commandWords } from "./command-words.ts";
import { namedFiles } from "./named-files.ts";
import { hintAtOrigin, placeOfOrigin } from "./plan-errors.ts";
import type { ProcessPlan } from "./plan-kinds.ts";

/** A `credential_process` that a user was shown and approved. */
export interface ApprovedProcess {
  /** The command line as written. */
  readonly line: string;
  /** The file that contains it; absolute. */
  readonly configFile: string;
  /** The program that its first word meant then; absolute. */
  readonly program: string;
  /** The values that the pinned variables had then. */
  readonly env: Readonly<Record<string, string>>;
}

/** What approving needs from the machine. */
interface ApprovalMachine {
  readonly env: Env;
  readonly isWindows: boolean;
  /** Finds a command name without folders, on our own PATH. */
  readonly lookPath: (command: string) => string | undefined;
}

/**
 * What Node adds from our own environment to that of a program of Windows, unless it is there.
 *
 * Source: libuv/libuv, src/win/process.c, `required_vars`.
 */
export const ADDED_ON_WINDOWS = [
  ...["HOMEDRIVE", "HOMEPATH", "LOGONSERVER", "PATH", "SystemDrive", "SystemRoot", "TEMP"],
  ...["USERDOMAIN", "USERNAME", "USERPROFILE", "windir"],
];

/**
 * Variables that say who one is, where programs and libraries are found (folders of them and of compiled code, a shell, and a
 * bus, whose address can be a program to run, `unixexec:`), and to whom the program speaks: an agent for SSH keys, and proxies,
 * which see everything that goes over plain http; an X server, which sees and types everything.
 *
 * Source: D-Bus specification, "Server Addresses"; Python, Lib/site.py (APPDATA); Node.js, module.enableCompileCache (the folder
 * for temporary files).
 */
const PINNED = [
  ...ADDED_ON_WINDOWS,
  ...["HOME", "USER", "LOGNAME", "TMPDIR", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"],
  ...["APPDATA", "LOCALAPPDATA", "ProgramData", "TMP"],
  ...["COMSPEC", "SSH_AUTH_SOCK", "DISPLAY", "XAUTHORITY"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
  ...["http_proxy", "https_proxy", "all_proxy", "no_proxy"],
  ...[...FILE_VARIABLES, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
];

/**
 * The record of a process that a user approves. Throws `credential-process-refused` for one that is not run: its program is not
 * found, or others may change the program or the file that names it.
 */
export function approveProcess(plan: ProcessPlan, machine: ApprovalMachine): ApprovedProcess {
  const { env, isWindows, lookPath } = machine;
  const [command = ""] = processWords(plan, isWindows);
  const program = hasFolder(command, isWindows) ? command : lookPath(command);
  if (program === undefined) throw refused(plan, `its program ${command} is not on PATH`);
  if (!path.isAbsolute(program))
    throw refused(plan, `its program ${program} depends on the current directory; use its absolute path`);
  const configFile = plan.origin.file;
  const approved = { line: plan.line, configFile, program, env: pinned((name) => envValue(env, name)) };
  requireSafe(plan, approved, isWindows);
  return approved;
}

/** A `credential_process` as it is now. */
interface AskedProcess extends Pick<ApprovedProcess, "line" | "configFile"> {
  /** What its first word means now, if that matters. */
  readonly program?: string;
}

/** Whether exactly this line in this file was approved, and this program, if one is given. */
export function isApprovalOf(
  approved: ApprovedProcess | undefined,
  { line, configFile, program = approved?.program }: AskedProcess,
): approved is ApprovedProcess {
  return approved?.line === line && approved.configFile === configFile && approved.program === program;
}

/**
 * `profile` is the requested one, by which setup approves; undefined means the caller's own credentials. Throws
 * `credential-process-unapproved` if exactly this line in this file was not approved, and `credential-process-refused` if others
 * may change what would be run.
 */
export function requireApproval(
  plan: ProcessPlan,
  approved: ApprovedProcess | undefined,
  { profile: asked, isWindows }: { readonly profile: string | undefined; readonly isWindows: boolean },
): ApprovedProcess {
  const configFile = plan.origin.file;
  if (isApprovalOf(approved, { line: plan.line, configFile })) {
    requireSafe(plan, approved, isWindows);
    return approved;
  }
  throw unapproved(plan, approved, { asked, isWindows });
}

function unapproved(
  plan: ProcessPlan,
  approved: ApprovedProcess | undefined,
  { asked, isWindows }: { readonly asked: string | undefined; readonly isWindows: boolean },
): VouchError {
  const [command = ""] = commandWords(plan.line, isWindows) ?? [plan.line];
  const what =
    approved === undefined
      ? "it has not been approved"
      : `it is not the command that was approved. The line is now: ${maskText(plan.line.trim())}; when approved, it was (in ${approved.configFile}): ${maskText(approved.line.trim())}`;
  return new VouchError(
    "credential-process-unapproved",
    `${placeOfOrigin(plan.origin)}: credential_process would run ${command}, but ${what}.`,
    {
      hint: withCommands`Check it, then approve it: ${approval(asked)}`,
    },
  );
}

/**
 * The setup command at which a user approves what `asked` runs; undefined means the caller's own credentials. `anew`: also what is
 * already approved, to replace the variables recorded then.
 */
export function approval(asked: string | undefined, { anew = false } = {}): Run {
  const whose = asked === undefined ? { ambient: true as const } : { profile: asked };
  return ours("setup eks", { cluster: "NAME", ...whose, "approve-process": anew || undefined });
}

/** A recorded approval; undefined for any other value. */
export function readApprovedProcess(value: unknown): ApprovedProcess | undefined {
  if (!isRecord(value)) return undefined;
  const { line, configFile, program, env } = value;
  if (typeof line !== "string" || typeof configFile !== "string" || typeof program !== "string")
    return undefined;
  if (!path.isAbsolute(program) || !isRecord(env)) return undefined;
  return { line, configFile, program, env: pinned((name) => env[name]) };
}

function pinned(read: (name: string) => unknown): ApprovedProcess["env"] {
  const found = PINNED.map((name) => [name, read(name)] as const);
  return Object.fromEntries(
    found.filter((pair): pair is readonly [string, string] => typeof pair[1] === "string"),
  );
}

/** Throws `profile-invalid` for a line that cannot be split into words. */
export function processWords({ line, origin }: ProcessPlan, isWindows: boolean): readonly string[] {
  const words = commandWords(line, isWindows);
  if (words !== undefined) return words;
  throw new VouchError(
    "profile-invalid",
    `${placeOfOrigin(origin)}: credential_process has an unclosed quote or a backslash at its end.`,
    { hint: hintAtOrigin(origin) },
  );
}

function hasFolder(command: string, isWindows: boolean): boolean {
  return command.includes("/") || (isWindows && command.includes("\\"));
}

/**
 * The files that an approval covers: the one that has the line, the program, and every file that the line names. On Windows only
 * the first two: there nothing is checked.
 */
export function approvedFiles(plan: ProcessPlan, approved: ApprovedProcess, isWindows: boolean): string[] {
  const { configFile, program, env } = approved;
  const named = isWindows ? [] : namedFiles(processWords(plan, isWindows), env);
  return [...new Set([configFile, program, ...named])];
}

/** Throws `credential-process-refused` if others could replace one of the files. */
function requireSafe(plan: ProcessPlan, approved: ApprovedProcess, isWindows: boolean): void {
  for (const file of approvedFiles(plan, approved, isWindows)) {
    const found = tamperingRisk(file);
    if (found !== undefined) throw refused(plan, found.why, found.command);
  }
}

function refused({ origin }: ProcessPlan, why: string, command?: Run): VouchError {
  const message = `${placeOfOrigin(origin)}: credential_process is not run: ${why}.`;
  const hint = command === undefined ? hintAtOrigin(origin) : withCommands`Correct it: ${command}`;
  return new VouchError("credential-process-refused", message, { hint });
}
