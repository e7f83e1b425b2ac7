/** The warm answer by a process of its own: every case of the two tables that the other tests try within one process. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pMap from "p-map";
import { VERSION } from "../../../token/hot/version.ts";
import { bundledScript } from "../../support/bundled-script.ts";
import { HOT_CASES, NOON_TABLE } from "../../support/hot-cases.ts";
import { type HotCall, layOut, onDisk } from "../../support/hot-on-disk.ts";
import { asProgram, inProcess } from "../../support/hot-runs.ts";
import { partOf } from "../../support/part.ts";
import type { CommandResult } from "../../support/run-command.ts";
import { layOutSource, SOURCE_CASES } from "../../support/source-cases.ts";

const WORLD = { noon: Date.parse("2026-01-15T12:00:00Z"), parentId: 100, version: VERSION };

/** Processes at once. */
const WORKERS = 4;

interface Case {
  readonly name: string;
  readonly answers: boolean;
  readonly layOut: (root: string) => HotCall;
  /** The text of the file of marks afterwards; undefined if there is none. */
  readonly marks?: string | undefined;
}

const CASES: readonly Case[] = [
  ...HOT_CASES.map((hotCase) => ({
    name: hotCase.name,
    answers: hotCase.answers,
    layOut: (root: string) => layOut(root, hotCase),
    marks: NOON_TABLE.marksAfter(hotCase),
  })),
  ...SOURCE_CASES.map((sourceCase) => ({
    name: `by an AWS profile, ${sourceCase.name}`,
    answers: sourceCase.answers,
    layOut: (root: string) => layOutSource(root, sourceCase, WORLD),
  })),
];

function marksIn(root: string): string | undefined {
  const file = onDisk(root, NOON_TABLE.markFile);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

describe("the warm answer as a process", () => {
  const cases = partOf("warm answers", CASES);
  const results = new Map<string, { readonly run: CommandResult; readonly root: string }>();
  let folder = "";

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-hot-"));
    const program = await bundledScript("warm-answer", folder);
    await pMap(
      cases.entries(),
      async ([index, one]) => {
        const root = path.join(folder, String(index));
        results.set(one.name, { run: await asProgram(program, one.layOut(root)), root });
      },
      { concurrency: WORKERS },
    );
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("has a name of its own for every case", () => {
    assert.equal(results.size, cases.length);
  });

  for (const one of cases) {
    it(`${one.answers ? "answers" : "leaves to the full program"}: ${one.name}`, () => {
      const { run, root } = results.get(one.name) ?? assert.fail("it did not run");
      const { printed } = inProcess(one.layOut(`${root}-within`));
      assert.deepEqual(run, { status: one.answers ? 0 : 1, stdout: printed, stderr: "" });
      assert.equal(printed !== "", one.answers);
      if ("marks" in one) assert.equal(marksIn(root), one.marks);
    });
  }
});
