/**
 * What is large and repeats itself can run in parts: TEST_PART=3/8 runs the third of eight. TEST_PART=commit, as in `.ci/run`,
 * chooses one of eight by the number of the commit, so that everything has run after eight commits. Without the variable, everything
 * runs.
 */
import { execFileSync } from "node:child_process";

const PARTS = 8;

interface Part {
  readonly part: number;
  readonly of: number;
}

const CHOSEN = chosenPart(process.env["TEST_PART"]);

function chosenPart(text: string | undefined): Part | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "commit") return { part: (commits() % PARTS) + 1, of: PARTS };
  const [, part = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (part < 1 || part > of) throw new Error(`TEST_PART must be a part such as 3/8, or commit: ${text}`);
  return { part, of };
}

/** How many commits lead to this one, in a straight line: one more with each. */
function commits(): number {
  const args = ["rev-list", "--count", "--first-parent", "HEAD"];
  return Number(execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }));
}

/** Every eighth in the third of eight parts, beginning with the third; all of them where no part is chosen. */
export function partOf<T>(what: string, all: readonly T[]): readonly T[] {
  if (CHOSEN === undefined) return all;
  const { part, of } = CHOSEN;
  const some = all.filter((_, index) => index % of === part - 1);
  process.stdout.write(`    ${what}: part ${part} of ${of}, ${some.length} of ${all.length}\n`);
  return some;
}

/** Whether everything runs: what is true of the whole alone can only be checked then. */
export function isWhole(): boolean {
  return CHOSEN === undefined;
}
