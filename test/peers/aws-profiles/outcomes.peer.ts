/**
 * The cases of test/token/aws/sources/outcomes before the real AWS CLI 1 and 2 and the default chain of the AWS SDK for JavaScript,
 * with one AWS before all of them: the same identity, the same refusal, or the difference that the case declares.
 *
 * Needs both AWS CLIs on PATH, and `setsid`. No network but loopback.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { commandWords } from "../../../token/aws/sources/command-words.ts";
import { runCommand } from "../../support/run-command.ts";
import type { Outcome, OutcomeCase } from "../../token/aws/sources/outcomes/outcome-case.ts";
import { OUTCOME_CASES } from "../../token/aws/sources/outcomes/outcome-cases.ts";
import { type Scene, startScene } from "../../token/aws/sources/outcomes/scene.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { isAsExpected, type OutcomeJudges, type Seen, startOutcomeJudges } from "./outcome-judges.ts";

describe("what comes of a profile, before AWS's own tools", () => {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "aws-outcomes-"));
  let scene: Scene;
  let judges: OutcomeJudges;
  before(async () => {
    scene = await startScene(home);
    judges = await startOutcomeJudges(scene);
  });
  after(async () => {
    await judges.close();
    await scene.close();
    fs.rmSync(home, { recursive: true });
  });

  const check = (seen: Seen, expected: Outcome) =>
    assert.ok(isAsExpected(seen, expected), `${JSON.stringify(seen)} is not ${shown(expected)}`);

  for (const each of OUTCOME_CASES) {
    it(`${each.row}: AWS CLI 2: ${each.name}`, async () => check(await judges.cli(2, each), each.cli2));
    it(`${each.row}: AWS CLI 1: ${each.name}`, async () => check(await judges.cli(1, each), ofOne(each)));
    it(`${each.row}: the SDK: ${each.name}`, async () => {
      const { sdk } = each;
      check(await judges.sdk(each), typeof sdk === "string" ? sdk : { says: sdk, exit: 1 });
    });
  }

  it("is run by the words that the AWS CLI splits a line into, on Windows too", async () => {
    const sign = fc.constantFrom(..."ab~$#=/\\\\\\\"\"'' \t\n\u00a0\u00e9");
    const lines = fc.sample(fc.string({ unit: sign, maxLength: 24 }), 3000);
    const asked = lines.flatMap((line) => ["linux", "win32"].map((platform) => [line, platform] as const));
    const judge = [awsCli(1).python, path.join(import.meta.dirname, "judge-words.py")];
    const { status, stdout, stderr } = await runCommand(judge, { env: {}, stdin: JSON.stringify(asked) });
    assert.equal(status, 0, stderr);
    const theirs = JSON.parse(stdout) as (readonly string[] | null)[];
    for (const [index, [line, platform]] of asked.entries())
      assert.deepEqual(commandWords(line, platform === "win32") ?? null, someOrNull(theirs[index]), line);
  });

  it("is otherwise by us than by AWS CLI 2 only where the case says why", () => {
    const undeclared = OUTCOME_CASES.filter((each) => {
      const two = newest(each);
      const isSame = typeof each.ours === "string" ? each.ours === two : typeof two !== "string";
      return isSame === (each.why !== undefined);
    });
    assert.deepEqual(
      undeclared.map(({ row }) => row),
      [],
    );
  });
});

/** No word at all is nothing to run. */
function someOrNull(words: readonly string[] | null = null): readonly string[] | null {
  return words?.length === 0 ? null : words;
}

/** Version 1 ends with 255 whatever is refused. */
function ofOne({ cli1, cli2 }: OutcomeCase): Outcome {
  if (cli1 !== undefined || typeof cli2 === "string") return cli1 ?? cli2;
  return { ...cli2, exit: 255 };
}

function newest({ cli2, newerCli2 }: OutcomeCase): Outcome {
  if (newerCli2 === undefined) return cli2;
  return "who" in newerCli2 ? newerCli2.who : newerCli2;
}

function shown(expected: Outcome): string {
  return typeof expected === "string" ? expected : `${expected.exit} ${expected.says}`;
}
