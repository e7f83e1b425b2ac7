/**
 * `npm run test:peers`: builds or fetches the real programs that judge us, and lets them; three suites at a time. What is in
 * REAL runs on the real control plane, with `--stand-in` on our own. Words after it are parts of file names: those suites run,
 * and no others; without words, all but those of OTHER_STEPS. `--required`: what cannot be had is a failure, and not a suite that
 * is skipped.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { labBundle, SHARED_BUNDLE } from "../lab/lab-program.ts";
import { runJudgedSuites, say, secondsSince } from "../support/judged-suites.ts";
import { hasAwsCli } from "./aws-cli/programs.ts";
import { buildGoPrograms, hasGo } from "./go/programs.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "./kubectl/fetch.ts";
import { pythonPrograms } from "./python/environment.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  options: {
    required: { type: "boolean", default: false },
    "stand-in": { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const started = performance.now();
const bin = await pythonPrograms(path.join(import.meta.dirname, "python", "requirements.txt"), say);

/** On the real control plane; of some of them CI lets a release pass once more, on the stand-in. */
const REAL = /\/(?:doctor-live|end-to-end|asks-again|called-cluster|control-plane|clients)/;
const isReal = (file: string) => REAL.test(file) && !values["stand-in"];
/** What a suite needs and this machine lacks. */
const lacking = (file: string) => {
  if (bin === undefined) return "Python is not on PATH";
  if (!hasGo() && (isReal(file) || /\/corpora\/|authenticator/.test(file)))
    return "peers not built (Go is not on PATH)";
  if (!hasAwsCli(2) && file.includes("/aws-")) return "AWS CLI 2 is not on PATH";
  return undefined;
};
/**
 * Steps of their own, in which no cluster is: what shells, tools and grammars make of commands that we print and complete; and
 * AWS profiles, as the AWS CLIs and the SDK read them.
 */
const OTHER_STEPS =
  /\/(?:printed-commands|completion|[\w-]+-words|aws-(?:sources|sso|sdk|iam-authenticator-sources)|identity-center)/;

for (const release of KUBECTL_RELEASES) await fetchKubectl(release);
if (hasGo()) await buildGoPrograms(say);
const bundle = await labBundle();
say(`Peers are there after ${secondsSince(started)}`);

process.exitCode = await runJudgedSuites({
  suites: fs
    .globSync("test/peers/**/*.peer.ts", { cwd: ROOT })
    .filter((file) =>
      positionals.length === 0 ? !OTHER_STEPS.test(file) : positionals.some((word) => file.includes(word)),
    ),
  long: /\/(?:doctor-live|end-to-end-bursts)/,
  lacking,
  env: (file) => ({
    PATH: [bin, process.env["PATH"]].join(path.delimiter),
    [SHARED_BUNDLE]: bundle,
    ...(isReal(file) && { KUBECTL_VOUCH_LAB: "real" }),
  }),
  remark: (file) => (isReal(file) ? ", on the real control plane" : ""),
  required: values.required,
  started,
});
