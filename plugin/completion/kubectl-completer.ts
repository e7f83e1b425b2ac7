import fs from "node:fs";
import path from "node:path";
import { run, typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { readPlainFile } from "../../token/files/plain-file.ts";
import { writeFileAtomically } from "../../token/files/private-file.ts";
import type { App } from "../app.ts";
import { PROGRAM, programOnPath } from "../programs/program-path.ts";

/** The program that kubectl asks for completions of `kubectl vouch`. */
export interface Completer {
  /** Beside the `kubectl-vouch` that is on PATH. */
  readonly path: string;
  readonly text: string;
}

/**
 * It starts the `kubectl-vouch` beside it, so that it survives upgrades and moves with its folder. On Windows kubectl finds a
 * batch file as it finds a program (PATHEXT); that has not been tried yet.
 * Source: plugin/KUBECTL.md, "Completion".
 */
const COMPLETERS = {
  posix: { name: "kubectl_complete-vouch", text: `#!/bin/sh\nexec "\${0%/*}/${PROGRAM}" __complete "$@"\n` },
  windows: { name: "kubectl_complete-vouch.cmd", text: `@"%~dp0${PROGRAM}" __complete %*\r\n` },
} as const;

/** Mode of a program that everyone can run. */
const PROGRAM_MODE = 0o755;

/** Where kubectl's completer belongs, and its text. Throws `program-missing` if `kubectl-vouch` is not on PATH. */
export function completerFor(app: App): Completer {
  const program = programOnPath(app);
  if (program === undefined) {
    throw new VouchError(
      "program-missing",
      `${PROGRAM} is not on your PATH, so kubectl cannot find kubectl vouch.`,
    );
  }
  const { name, text } = COMPLETERS[app.platform === "win32" ? "windows" : "posix"];
  return { path: path.join(path.dirname(program), name), text };
}

/**
 * What is in the completer's place: nothing, ours, or ours but not executable. Throws `file-foreign` for anything that
 * we did not write: it is neither replaced nor removed.
 */
export function standingCompleter({ path: file, text }: Completer, app: App): "none" | "ours" | "broken" {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return "none";
  if (!status.isFile() || !holds(file, text)) {
    throw new VouchError("file-foreign", `${file} was not written by kubectl vouch completion install.`, {
      hint: withCommands`Inspect it: ${run("ls", "-l", {}, file)}. If it is not needed, move it away: ${run("mv", "", {}, file, `${file}.old`)}`,
    });
  }
  return app.platform === "win32" || (status.mode & 0o111) !== 0 ? "ours" : "broken";
}

/** A file that cannot be read is not known to be ours. */
function holds(file: string, text: string): boolean {
  try {
    return readPlainFile(file)?.bytes.equals(Buffer.from(text)) === true;
  } catch {
    return false;
  }
}

/** Throws `file-unwritable`, for instance when the folder is not the caller's to write. */
export function writeCompleter({ path: file, text }: Completer, app: App): void {
  orSayHow({ app, command: "install", failed: `${file} cannot be written` }, () =>
    writeFileAtomically(file, text, { mode: PROGRAM_MODE }),
  );
}

/** Throws `file-unwritable`, for instance when the folder is not the caller's to write. */
export function removeCompleter({ path: file }: Completer, app: App): void {
  orSayHow({ app, command: "uninstall", failed: `${file} cannot be removed` }, () => fs.rmSync(file));
}

interface Change {
  readonly app: App;
  /** What to run again, after `completion`. */
  readonly command: string;
  readonly failed: string;
}

function orSayHow({ app, command, failed }: Change, change: () => void): void {
  try {
    change();
  } catch (error) {
    const cause = error instanceof VouchError ? error.cause : error;
    const isForbidden = FORBIDDEN.includes(
      cause instanceof Error && "code" in cause ? String(cause.code) : "",
    );
    const message = error instanceof VouchError ? error.message : `${failed}: ${reasonOf(error)}.`;
    const again = run(PROGRAM, `completion ${command}`);
    const hint =
      app.platform === "win32"
        ? withCommands`Run it in a shell started as administrator: ${again}`
        : withCommands`Run it as a user with write permission there: ${typed(["sudo", "env", `PATH=${app.env["PATH"]}`, again.program, ...again.verb])}`;
    throw new VouchError("file-unwritable", message, { cause, ...(isForbidden ? { hint } : {}) });
  }
}

const FORBIDDEN = ["EACCES", "EPERM"];
