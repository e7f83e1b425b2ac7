/**
 * `npm run test:page`: browsers judge the doctor's page and its reports. Words after it are parts of paths: those suites run,
 * and no others. `--required`: a browser that is not there is a failure; else the others judge alone.
 */
import { parseArgs } from "node:util";
import { chosenSuites, runJudgedSuites, say } from "../support/judged-suites.ts";
import { BROWSERS, browserProgram } from "./support/programs.ts";

const started = performance.now();
const { values, positionals } = parseArgs({
  options: { required: { type: "boolean", default: false } },
  allowPositionals: true,
});

const missing = BROWSERS.filter((name) => browserProgram(name) === undefined);
for (const name of missing) say(`skipped: ${name} is not on PATH`);

const exitCode = await runJudgedSuites({
  suites: chosenSuites("test/page/*.peer.ts", positionals),
  long: /\/(?:accessibility|slow-worker|faults)/,
  lacking: () => (missing.length === BROWSERS.length ? "there is no browser" : undefined),
  env: () => ({}),
  required: values.required,
  started,
});
process.exitCode = values.required && missing.length > 0 ? 1 : exitCode;
