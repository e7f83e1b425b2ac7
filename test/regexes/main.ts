/**
 * A step of `npm run lint`: every regular expression of what is shipped needs linear time, whatever the text. Reports where
 * one does not, and with which text. A proof takes some 30 ms, so the expressions that are known to be linear are remembered in
 * `proven.txt`; only others are proven. `--all` proves every one; `npm run codes` writes the file (`--write`).
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { verdictOn } from "./ambiguity.ts";
import { patternsIn } from "./patterns-in.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const FOLDERS = ["token", "doctor", "plugin", "krew"];
const PROVEN = path.join(import.meta.dirname, "proven.txt");
const PROVER = ["ambiguity.ts", "automaton.ts", "alphabet.ts"];
const HASHES_PER_LINE = 10;

const { values } = parseArgs({ options: { all: { type: "boolean" }, write: { type: "boolean" } } });

/** A changed prover has other hashes, so that nothing proven by its predecessor counts. */
const prover = PROVER.map((file) => fs.readFileSync(path.join(import.meta.dirname, file), "utf8")).join("");
const hashOf = (literal: string) =>
  createHash("sha256").update(prover).update(literal).digest("hex").slice(0, 12);
const remembered = new Set(values.all === true ? [] : fs.readFileSync(PROVEN, "utf8").split(/\s+/));

const linear = new Set<string>();
const problems: string[] = [];
let count = 0;
let proofs = 0;
for (const file of FOLDERS.flatMap(sourcesBelow)) {
  for (const found of patternsIn(file, fs.readFileSync(path.join(ROOT, file), "utf8"))) {
    count += 1;
    const problem =
      "built" in found ? `is built when it runs: ${found.built}` : problemOf(found.source, found.flags);
    if (problem !== undefined) problems.push(`${file}:${found.line}: ${problem}`);
  }
}
if (values.write === true) fs.writeFileSync(PROVEN, linesOf([...linear].sort()));
process.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
process.stdout.write(
  `${count} regular expressions, ${proofs} proven now, ${problems.length} that are not linear\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

function problemOf(source: string, flags: string): string | undefined {
  const literal = `/${source}/${flags}`;
  const hash = hashOf(literal);
  if (!linear.has(hash) && !remembered.has(hash)) {
    proofs += 1;
    const verdict = verdictOn(source, flags);
    if (verdict !== "linear") {
      if ("undecided" in verdict) return `cannot be decided (${verdict.undecided}): ${literal}`;
      const { growth, prefix, pump } = verdict;
      return `${growth} on ${JSON.stringify(prefix)} + ${JSON.stringify(pump)}.repeat(n): ${literal}`;
    }
  }
  linear.add(hash);
  return undefined;
}

function linesOf(hashes: readonly string[]): string {
  const lines = Array.from({ length: Math.ceil(hashes.length / HASHES_PER_LINE) }, (_, index) =>
    hashes.slice(index * HASHES_PER_LINE, (index + 1) * HASHES_PER_LINE).join(" "),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function sourcesBelow(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => path.join(folder, file))
    .sort();
}
