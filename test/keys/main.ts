/**
 * `npm run test:keys`: foreign clients judge our software security key, foreign keys and servers our client; a few suites at a
 * time. Words after it are parts of paths: those suites run, and no others. `--required`: what cannot be had is a
 * failure, and not a suite that is skipped.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildGoPrograms, hasGo } from "../peers/go/programs.ts";
import { pythonPrograms } from "../peers/python/environment.ts";
import { chosenSuites, runJudgedSuites, say, secondsSince } from "../support/judged-suites.ts";
import { lackingForGuests } from "./guest/needs.ts";

const { values, positionals } = parseArgs({
  options: { required: { type: "boolean", default: false } },
  allowPositionals: true,
});

const started = performance.now();
const suites = chosenSuites("test/keys/**/*.peer.ts", positionals);
const bin = await pythonPrograms(path.join(import.meta.dirname, "python", "requirements.txt"), say);
if (hasGo()) await buildGoPrograms(say, ["webauthn"]);
say(`Judges are there after ${secondsSince(started)}`);

const guests = lackingForGuests();
/** What a suite needs besides what npm brings, by a word in its name, and what to say when it is not there. */
const NEEDED = [
  ["python-fido2", bin !== undefined, "Python is not on PATH"],
  ["foreign-servers", bin !== undefined && hasGo(), "Python or Go is not on PATH"],
  ["libfido2", hasLibfido2(), "gcc or libfido2-dev is not installed"],
  ["guest", guests === undefined, guests ?? ""],
] as const;

process.exitCode = await runJudgedSuites({
  suites,
  long: /\/(?:guest|fuzz)/,
  lacking: (file) => NEEDED.find(([word, isThere]) => file.includes(`/${word}`) && !isThere)?.[2],
  env: () => ({ PATH: [bin, process.env["PATH"]].join(path.delimiter) }),
  required: values.required,
  started,
});

/** Whether the compiler finds its header. */
function hasLibfido2(): boolean {
  return spawnSync("gcc", ["-E", "-include", "fido.h", "-x", "c", "/dev/null"]).status === 0;
}
