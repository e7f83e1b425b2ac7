import { powershellLine } from "./powershell.ts";

/** The shells we can write commands for. */
export const SHELLS = ["bash", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command line of these words, quoted so that the shell passes each on unchanged. */
export function commandLine(words: readonly string[], shell: Shell): string {
  return shell === "bash" ? words.map(bashWord).join(" ") : powershellLine(words);
}

/** Words that mean something to the shell itself and are to keep that meaning. */
const OPERATORS: ReadonlySet<string> = new Set([">", ">>", "<", "|", "&&", ";"]);

function bashWord(word: string): string {
  if (OPERATORS.has(word) || /^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
