import type { Command } from "./command.ts";
import { posixProgram, posixWord } from "./posix.ts";
import { powershellProgram, powershellQuoted, powershellWord, requireBatchSafe } from "./powershell.ts";
import { runWords } from "./run-words.ts";
import { requirePrintable, UnprintableCommand } from "./unprintable.ts";

/** Shells that commands are written for; `bash` stands for the whole POSIX family. */
export const SHELLS = ["bash", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** A line to paste, or why there is none. */
export type RenderedCommand = { readonly line: string } | { readonly unprintable: string };

/** Writes a command for a shell, so that each program gets exactly the intended words. */
export function renderCommand(command: Command, shell: Shell): RenderedCommand {
  try {
    return { line: commandLine(command, shell) };
  } catch (error) {
    if (error instanceof UnprintableCommand) return { unprintable: error.message };
    throw error;
  }
}

function commandLine(command: Command, shell: Shell): string {
  const word = shell === "powershell" ? powershellWord : posixWord;
  const program = shell === "powershell" ? powershellProgram : posixProgram;
  switch (command.kind) {
    case "run": {
      const words = runWords(command);
      if (shell === "powershell") requireBatchSafe(words);
      const [first = "", ...rest] = words;
      return [program(first), ...rest.map(word)].join(" ");
    }
    case "pipe":
      return command.runs.map((run) => commandLine(run, shell)).join(" | ");
    case "write-file": {
      requirePrintable(command.file);
      const from = commandLine(command.run, shell);
      // `>` of Windows PowerShell writes UTF-16, which kubectl reads and we do not.
      return shell === "powershell"
        ? `${from} | Set-Content -Encoding utf8 -LiteralPath ${powershellQuoted(command.file)}`
        : `${from} > ${posixWord(command.file)}`;
    }
    case "set-variable":
      return setVariable(command.name, command.value, shell);
    case "unset-variables":
      return unsetVariables(command.names, shell);
  }
}

function setVariable(name: string, value: string, shell: Shell): string {
  requireName(name);
  requirePrintable(value);
  if (shell === "powershell") return `$env:${name} = ${powershellQuoted(value)}`;
  return shell === "fish" ? `set -gx ${name} ${posixWord(value)}` : `export ${name}=${posixWord(value)}`;
}

function unsetVariables(names: readonly string[], shell: Shell): string {
  for (const name of names) requireName(name);
  switch (shell) {
    case "powershell":
      return `Remove-Item ${names.map((name) => powershellQuoted(`Env:${name}`)).join(", ")}`;
    case "fish":
      return `set -e ${names.join(" ")}`;
    case "bash":
      return `unset ${names.join(" ")}`;
  }
}

/** An environment can have variables with other names, which no shell can write. */
function requireName(name: string): void {
  requirePrintable(name);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new UnprintableCommand(`${JSON.stringify(name)} is not a valid variable name in a shell`);
  }
}
