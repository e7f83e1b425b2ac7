import fs from "node:fs";
import path from "node:path";

/**
 * The help of every command, one after the other, each under its command line.
 * `UPDATE_GOLDEN=1 npx mocha test/plugin/help.test.ts` rewrites it.
 */
export const HELP_SHEET = path.resolve(import.meta.dirname, "..", "golden", "help.txt");

/** The help texts of the sheet by command: `setup eks`, and the empty text for the program as a whole. */
export function helpTexts(): ReadonlyMap<string, string> {
  const [, ...parts] = fs
    .readFileSync(HELP_SHEET, "utf8")
    .split(/(?:^|\n)\$ kubectl vouch (?:(.*) )?--help\n/);
  const texts = new Map<string, string>();
  for (let index = 0; index < parts.length; index += 2) texts.set(parts[index] ?? "", parts[index + 1] ?? "");
  return texts;
}
