/**
 * A step of `npm run lint`: every regular expression of what is shipped needs linear time, whatever the text. Says where
 * one does not, and with which text.
 */
import fs from "node:fs";
import path from "node:path";
import { type Verdict, verdictOn } from "./ambiguity.ts";
import { patternsIn } from "./patterns-in.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const FOLDERS = ["token", "doctor", "plugin", "krew"];

const verdicts = new Map<string, Verdict>();
const problems: string[] = [];
let count = 0;
for (const file of FOLDERS.flatMap(sourcesBelow)) {
  for (const found of patternsIn(file, fs.readFileSync(path.join(ROOT, file), "utf8"))) {
    count += 1;
    const problem =
      "built" in found ? `is built when it runs: ${found.built}` : problemOf(found.source, found.flags);
    if (problem !== undefined) problems.push(`${file}:${found.line}: ${problem}`);
  }
}
process.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
process.stdout.write(`${count} regular expressions, ${problems.length} that are not linear\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function problemOf(source: string, flags: string): string | undefined {
  const literal = `/${source}/${flags}`;
  const verdict = verdicts.get(literal) ?? verdictOn(source, flags);
  verdicts.set(literal, verdict);
  if (verdict === "linear") return undefined;
  if ("undecided" in verdict) return `cannot be decided (${verdict.undecided}): ${literal}`;
  const { growth, prefix, pump } = verdict;
  return `${growth} on ${JSON.stringify(prefix)} + ${JSON.stringify(pump)}.repeat(n): ${literal}`;
}

function sourcesBelow(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => path.join(folder, file))
    .sort();
}
