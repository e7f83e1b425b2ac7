/**
 * A step of `npm run lint`: texts that users read have none of the habits in `habits.ts`. `node test/english/main.ts FOLDER…`
 * looks only there.
 */
import fs from "node:fs";
import path from "node:path";
import { EXCEPTIONS, HABITS } from "./habits.ts";
import { textsIn } from "./texts-in.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const FOLDERS = ["token", "doctor", "plugin"];

const places = process.argv.slice(2);
const problems: string[] = [];
let count = 0;
for (const file of (places.length > 0 ? places : FOLDERS).flatMap(sourcesBelow)) {
  for (const { line, text } of textsIn(file, fs.readFileSync(path.join(ROOT, file), "utf8"))) {
    count += 1;
    if (EXCEPTIONS.some(([part]) => text.includes(part))) continue;
    for (const [pattern, instead] of HABITS) {
      const [word] = pattern.exec(text) ?? [];
      if (word !== undefined)
        problems.push(
          `${file}:${line}: "${word.trim()}" (${instead}): ${text.replaceAll(/\s+/g, " ").slice(0, 160)}`,
        );
    }
  }
}
process.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
process.stdout.write(`${count} texts, ${problems.length} habits\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function sourcesBelow(place: string): string[] {
  const full = path.join(ROOT, place);
  if (!fs.statSync(full).isDirectory()) return [place];
  return fs
    .readdirSync(full, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(place, file));
}
