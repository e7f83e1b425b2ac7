import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { App } from "../app.ts";
import {
  completerFor,
  removeCompleter,
  standingCompleter,
  writeCompleter,
} from "../completion/kubectl-completer.ts";
import { BASH_SCRIPT } from "../completion/scripts/bash.ts";
import { FISH_SCRIPT } from "../completion/scripts/fish.ts";
import { POWERSHELL_SCRIPT } from "../completion/scripts/powershell.ts";
import { ZSH_SCRIPT } from "../completion/scripts/zsh.ts";
import type { CompletionShell } from "../completion/shells.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";

const SCRIPTS: Readonly<Record<CompletionShell, string>> = {
  bash: BASH_SCRIPT,
  zsh: ZSH_SCRIPT,
  fish: FISH_SCRIPT,
  powershell: POWERSHELL_SCRIPT,
};

interface FileOptions {
  readonly dryRun: boolean;
  readonly output: OutputChoice;
}

export function runCompletionScript(shell: CompletionShell, app: App): void {
  app.io.out(SCRIPTS[shell]);
}

/** Puts the file through which kubectl asks us for completions beside `kubectl-vouch`. A second run changes nothing. */
export function runCompletionInstall({ dryRun, output }: FileOptions, app: App): void {
  const completer = completerFor(app);
  const standing = standingCompleter(completer, app);
  if (output !== "text") {
    if (standing !== "ours" && !dryRun) writeCompleter(completer, app);
    const status = standing === "ours" ? "unchanged" : "written";
    const { path: file, text } = completer;
    printObject(app, output, "CompletionFile", { dryRun, status, file, text });
    return;
  }
  if (standing === "ours") {
    app.io.err(`${completer.path} is already up to date.\n`);
    return;
  }
  if (!dryRun) writeCompleter(completer, app);
  const lines = [
    `${dryRun ? "Would write" : "Wrote"} ${completer.path}:`,
    ...completer.text
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
  const isThere = standingCompleter(completer, app) !== "none";
  if (output !== "text") {
    if (isThere && !dryRun) removeCompleter(completer, app);
    const status = isThere ? "removed" : "unchanged";
    printObject(app, output, "CompletionFile", { dryRun, status, file: completer.path });
    return;
  }
  if (!isThere) {
    app.io.err(`${completer.path} not found; nothing to remove.\n`);
    return;
  }
  if (!dryRun) removeCompleter(completer, app);
  app.io.err(
    dryRun
      ? `Would remove ${completer.path}\nNothing was removed.\n`
      : `${withCommands`Removed ${completer.path}; restore it with ${ours("completion install")}`}\n`,
  );
}
