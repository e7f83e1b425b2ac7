import { fuzz } from "./fuzz/suite.ts";

/**
 * Spoilt answers and streams of reports. FUZZ_CASES is how many for each target, FUZZ_SEED the number that they come from; both
 * are told, so that a run can be had again. `FUZZ_CASES=1000000 npm run test:keys -- fuzz` is a long one.
 */
const cases = Number(process.env["FUZZ_CASES"] ?? 20_000);
const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 0x7fff_ffff));
const say = (line: string) => void process.stdout.write(`    ${line}\n`);

describe("our client, fuzzed", function () {
  this.timeout(Math.max(300_000, cases * 100));
  before(() => say(`FUZZ_CASES=${cases} FUZZ_SEED=${seed}`));
  fuzz({ cases, seed, say });
});
