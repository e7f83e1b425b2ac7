import { EXIT } from "../../token/errors/errors.ts";
import { isPrintable as isShownAsItIs, shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { CommandLine } from "../command-line/command-line.ts";
import type { Candidate, Candidates } from "./candidate.ts";
import { candidatesFor } from "./candidates.ts";
import { valuesOn } from "./values.ts";

/** Cobra's directives for the shell: whether to name files if there is no candidate. */
const DIRECTIVES = { files: 0, noFiles: 4 } as const;

/**
 * Answers `kubectl-vouch __complete WORD… TYPED` as Cobra does, which is what kubectl asks of a plugin: one candidate per line,
 * with its description after a tab, and a directive at the end. It never fails and prints nothing on stderr, which would
 * overwrite what is being typed.
 * Source: plugin/KUBECTL.md, "Completion"; cobra, completions.go.
 */
export async function complete(
  words: readonly string[],
  { app, commands }: { readonly app: App; readonly commands: () => CommandLine },
): Promise<number> {
  try {
    const root = commands();
    app.io.out(answer(await candidatesFor(root, withoutHelp(words), valuesOn(app))));
  } catch {
    // An error would overwrite what is being typed: pressing TAB just gives no candidates.
  }
  return EXIT.ok;
}

/** `help setup eks` is `setup eks --help`. */
function withoutHelp(words: readonly string[]): readonly string[] {
  return words[0] === "help" && words.length > 1 ? words.slice(1) : words;
}

function answer(candidates: Candidates): string {
  if (candidates === "files") return `:${DIRECTIVES.files}\n`;
  return [...candidates.filter(isPrintable).map(asLine), `:${DIRECTIVES.noFiles}\n`].join("\n");
}

/** Nothing in a file may pass for another candidate, or control the terminal that shows it. */
function isPrintable({ value }: Candidate): boolean {
  return isShownAsItIs(value);
}

function asLine({ value, describe = "" }: Candidate): string {
  return describe === "" ? value : `${value}\t${shown(describe.replaceAll(/\s+/g, " "))}`;
}
