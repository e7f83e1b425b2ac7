/**
 * `npm run test:peers`: builds or fetches the real programs that judge us, and lets them; three suites at a time. Those in
 * `control-plane/` run on the real control plane, with `--stand-in` on our own. Words after it are parts of paths: those suites
 * run, and no others; without words, all but those of STEPS_OF_THEIR_OWN. `--required`: what cannot be had is a failure, and not
 * a suite that is skipped.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { labBundle, SHARED_BUNDLE } from "../lab/lab-program.ts";
import { chosenSuites, runJudgedSuites, say, secondsSince } from "../support/judged-suites.ts";
import { hasAwsCli } from "./aws-cli/programs.ts";
import { buildGoPrograms, hasGo } from "./go/programs.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "./kubectl/fetch.ts";
import { pythonPrograms } from "./python/environment.ts";

const { values, positionals } = parseArgs({
  options: {
    required: { type: "boolean", default: false },
    "stand-in": { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const started = performance.now();

/**
 * What shells, tools and grammars make of commands that we print and complete; AWS profiles, as the AWS CLIs and the SDK read them;
 * and whole stories, which `.ci/run` tries on a release, but for those with a key that is no device.
 */
const STEPS_OF_THEIR_OWN = /\/(?:words|aws-profiles)\/|\/control-plane\/end-to-end(?!-users)/;

const suites = chosenSuites("test/peers/**/*.peer.ts", positionals, (file) => !STEPS_OF_THEIR_OWN.test(file));
const bin = await pythonPrograms(path.join(import.meta.dirname, "python", "requirements.txt"), say);

/** Of some of them CI lets a release pass once more, on the stand-in. */
const isReal = (file: string) => file.includes("/control-plane/") && !values["stand-in"];
/** Suites with programs that are built by Go, whatever control plane they run on. */
const NEEDS_GO = /\/corpora\/|\/(?:aws-iam-authenticator|clients|control-plane)\.peer/;

/** What a suite needs and this machine lacks. */
const lacking = (file: string) => {
  if (bin === undefined) return "Python is not on PATH";
  if (!hasGo() && (isReal(file) || NEEDS_GO.test(file))) return "peers not built (Go is not on PATH)";
  if (!hasAwsCli(2) && file.includes("/aws-")) return "AWS CLI 2 is not on PATH";
  return undefined;
};
for (const release of KUBECTL_RELEASES) await fetchKubectl(release);
if (hasGo()) await buildGoPrograms(say);
const bundle = await labBundle();
say(`Peers are there after ${secondsSince(started)}`);

process.exitCode = await runJudgedSuites({
  suites,
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
