import fs from "node:fs";
import path from "node:path";
import { ours, run, typed } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { listFiles, move } from "../../../token/command/tasks.ts";
import { codeOf, reasonOf, unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { readPlainFile } from "../../../token/files/plain-file.ts";
import { writeFileAtomically } from "../../../token/files/private-file.ts";
import { deleteFile } from "../../../token/files/sharing.ts";
import type { App } from "../../app.ts";
import { PROGRAM, programOnPath } from "../../programs/program-path.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import { SCRIPTS } from "./scripts.ts";

interface FileOptions {
  readonly dryRun: boolean;
  readonly output: OutputChoice;
}

export function runCompletionScript(shell: keyof typeof SCRIPTS, app: App): void {
  app.io.out(SCRIPTS[shell]);
}

/** Puts the file through which kubectl asks us for completions beside `kubectl-vouch`. A second run changes nothing. */
export function runCompletionInstall({ dryRun, output }: FileOptions, app: App): void {
  const completer = completerFor(app);
  const { path: file, text } = completer;
  const isThere = standingCompleter(completer, app) === "ours";
  if (!isThere && !dryRun)
    changeFiles(completer, { app, command: "install", failed: "cannot be written" }, (one) =>
      writeFileAtomically(one, text, { mode: PROGRAM_MODE }),
    );
  if (output !== "text") {
    const status = isThere ? "unchanged" : "written";
    return void printObject(app, output, "CompletionFile", { dryRun, status, file, text });
  }
  if (isThere) return void app.io.err(`${file} is already up to date.\n`);
  const lines = [
    `${dryRun ? "Would write" : "Wrote"} ${filesOf(completer).join(" and ")}:`,
    ...text
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => `  ${line}`),
    ...(dryRun
      ? ["Nothing was written."]
      : [
          "Undo with `kubectl vouch completion uninstall`",
          "Try it: type `kubectl vouch ` and press Tab in a shell with kubectl completion (`kubectl completion --help`).",
        ]),
  ];
  app.io.err(`${lines.join("\n")}\n`);
}

/** Removes that file. Without it, there is nothing to do. */
export function runCompletionUninstall({ dryRun, output }: FileOptions, app: App): void {
  const completer = completerFor(app);
  const { path: file } = completer;
  const isThere = standingCompleter(completer, app) !== "none";
  if (isThere && !dryRun)
    changeFiles(completer, { app, command: "uninstall", failed: "cannot be removed" }, deleteFile);
  if (output !== "text") {
    const status = isThere ? "removed" : "unchanged";
    return void printObject(app, output, "CompletionFile", { dryRun, status, file });
  }
  if (!isThere) return void app.io.err(`${file} not found; nothing to remove.\n`);
  const files = filesOf(completer).join(" and ");
  app.io.err(
    dryRun
      ? `Would remove ${files}\nNothing was removed.\n`
      : `${withCommands`Removed ${files}; restore it with ${ours("completion install")}`}\n`,
  );
}

/** The program that kubectl asks for completions of `kubectl vouch`. */
interface Completer {
  /** Beside the `kubectl-vouch` that is on PATH. */
  readonly path: string;
  /** A file with the same text, without which kubectl does not know that there is a `kubectl vouch`. */
  readonly twin?: string;
  readonly text: string;
}

/**
 * It starts the `kubectl-vouch` beside it, so that it survives upgrades and moves with its folder. On Windows kubectl finds a
 * batch file as it finds a program, but does not know of a `kubectl vouch` unless a second file has one more word in its name.
 * Source: plugin/KUBECTL.md, "Completion".
 */
const COMPLETERS = {
  posix: { name: "kubectl_complete-vouch", text: `#!/bin/sh\nexec "\${0%/*}/${PROGRAM}" __complete "$@"\n` },
  windows: {
    name: "kubectl_complete-vouch.cmd",
    twin: "kubectl-vouch-version-__complete.cmd",
    text: `@"%~dp0${PROGRAM}" __complete %*\r\n`,
  },
} as const;

/** Mode of a program that everyone can run. */
const PROGRAM_MODE = 0o755;

const ON_WINDOWS =
  "Install it: `kubectl krew install vouch`. If it is already installed, add %USERPROFILE%\\.krew\\bin to your PATH.";

/** Where kubectl's completer belongs, and its text. Throws `program-missing` if `kubectl-vouch` is not on PATH. */
function completerFor(app: App): Completer {
  const program = programOnPath(app);
  if (program === undefined) {
    throw new VouchError(
      "program-missing",
      `${PROGRAM} is not on your PATH, so kubectl cannot find kubectl vouch.`,
      app.platform === "win32" ? { hint: ON_WINDOWS } : {},
    );
  }
  const folder = path.dirname(program);
  const { windows, posix } = COMPLETERS;
  if (app.platform !== "win32") return { path: path.join(folder, posix.name), text: posix.text };
  const { name, twin, text } = windows;
  return { path: path.join(folder, name), twin: path.join(folder, twin), text };
}

/**
 * What is in the completer's place: nothing, ours, or ours but not executable. Throws `file-foreign` for anything that
 * we did not write: it is neither replaced nor removed.
 */
function standingCompleter(completer: Completer, app: App): "none" | "ours" | "broken" {
  const [one = "none", other = one] = filesOf(completer).map((file) => standing(file, completer.text, app));
  return one === other ? one : "broken";
}

function filesOf({ path: file, twin }: Completer): readonly string[] {
  return twin === undefined ? [file] : [file, twin];
}

function standing(file: string, text: string, app: App): "none" | "ours" | "broken" {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return "none";
  if (!status.isFile() || !holds(file, text)) {
    throw new VouchError("file-foreign", `${file} was not written by kubectl vouch completion install.`, {
      hint: withCommands`Inspect it: ${listFiles(file)}. If it is not needed, move it away: ${move(file, `${file}.old`)}`,
    });
  }
  return app.platform === "win32" || (status.mode & 0o111) !== 0 ? "ours" : "broken";
}

/** A file that cannot be read is not known to be ours. */
function holds(file: string, text: string): boolean {
  return unlessThrown(() => readPlainFile(file)?.bytes.equals(Buffer.from(text)) === true, false);
}

interface Change {
  readonly app: App;
  /** What to run again, after `completion`. */
  readonly command: string;
  /** What is said of a file. */
  readonly failed: string;
}

/** Throws `file-unwritable`, for instance when the folder is not the caller's to write. */
function changeFiles(completer: Completer, how: Change, change: (file: string) => void): void {
  for (const file of filesOf(completer)) orSayHow(file, how, change);
}

function orSayHow(file: string, { app, command, failed }: Change, change: (file: string) => void): void {
  try {
    change(file);
  } catch (error) {
    const cause = error instanceof VouchError ? error.cause : error;
    const isForbidden = FORBIDDEN.includes(codeOf(cause));
    const message = error instanceof VouchError ? error.message : `${file} ${failed}: ${reasonOf(error)}.`;
    const again = run(PROGRAM, `completion ${command}`);
    const hint =
      app.platform === "win32"
        ? withCommands`Run it in a shell started as administrator: ${again}`
        : withCommands`Run it as a user with write permission there: ${typed(["sudo", "env", `PATH=${app.env["PATH"]}`, again.program, ...again.verb])}`;
    throw new VouchError("file-unwritable", message, { cause, ...(isForbidden ? { hint } : {}) });
  }
}

const FORBIDDEN = ["EACCES", "EPERM"];
