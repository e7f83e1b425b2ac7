import assert from "node:assert/strict";
import path from "node:path";
import type { Command } from "../../../token/command/command.ts";
import { runWords, type Word } from "../../../token/command/run-words.ts";
import { onWindows, runsOf } from "../../../token/command/tasks.ts";
import { typographicFault } from "../../doctor/support/powershell-quotes.ts";
import { runCommand } from "../../support/run-command.ts";
import type { Renderer } from "./printed-command.ts";

const READER = path.join(import.meta.dirname, "powershell-words.py");

/**
 * The commands whose lines do not mean to PowerShell what was meant, with what they mean. The first word on PATH named
 * `python3` must have tree-sitter and its grammar of PowerShell.
 */
export async function wrongInPowerShell(
  commands: readonly Command[],
  render: Renderer,
): Promise<{ readonly wrong: readonly string[]; readonly read: number }> {
  const printed = commands.flatMap((command) => {
    const rendered = render(command, "powershell");
    return "line" in rendered ? [{ line: rendered.line, meant: meaningOf(command) }] : [];
  });
  const { status, stdout, stderr } = await runCommand(["python3", READER], {
    env: { PATH: process.env["PATH"] ?? "", PYTHONUTF8: "1" },
    stdin: JSON.stringify(printed.map(({ line }) => line)),
  });
  assert.equal(status, 0, stderr);
  const meanings = JSON.parse(stdout) as readonly unknown[];
  assert.equal(meanings.length, printed.length);
  const wrong = printed.flatMap(({ line, meant }, index) => {
    const seen = JSON.stringify(meanings[index]);
    const fault = typographicFault(line);
    if (fault === undefined && seen === JSON.stringify(meant)) return [];
    return [`${line}\n${fault ?? ""} ${JSON.stringify({ meant, seen })}`];
  });
  return { wrong, read: printed.length };
}

/** The command as `powershell-words.py` tells it. */
function meaningOf(command: Command): object {
  switch (command.kind) {
    case "set-variable":
      return { variable: `$env:${command.name}`, value: command.value };
    case "unset-variables": {
      const names = command.names.map((name) => `Env:${name}`);
      return { pipeline: [["Remove-Item", names.length === 1 ? names[0] : names]] };
    }
    default: {
      const runs = runsOf(command).map((run) => {
        const [program = "", ...words] = runWords(onWindows(run, "powershell") ?? run);
        return [program === "curl" ? "curl.exe" : meantWord(program), ...words.map(meantWord)];
      });
      if (command.kind !== "write-file") return { pipeline: runs };
      return {
        pipeline: [...runs, ["Set-Content", "-Encoding", "utf8", "-LiteralPath", command.file]],
      };
    }
  }
}

function meantWord(word: Word): unknown {
  if (typeof word !== "string") return { home: word.underHome };
  if (word === "") return { subject: "", rest: EMPTY_FOR_EACH_VERSION };
  return word.includes('"') ? { subject: word, rest: QUOTES_FOR_EACH_VERSION } : word;
}

/** What PowerShell hands on before 7.3 and since; `legacy-arguments.test.ts` says what becomes of it. */
const EMPTY_FOR_EACH_VERSION = ` -replace '^$', $(if ($PSVersionTable.PSVersion -lt '7.3') { '""' } else { '' }))`;
const QUOTES_FOR_EACH_VERSION = ` -replace '(\\\\*)"', $(if ($PSVersionTable.PSVersion -lt '7.3') { '$1$1\\"' } else { '$1"' }))`;
