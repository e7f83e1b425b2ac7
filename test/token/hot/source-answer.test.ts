import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { VERSION } from "../../../token/hot/version.ts";
import { bundledScript } from "../../support/bundled-script.ts";
import type { HotWorld } from "../../support/hot-case.ts";
import { asProgram, inProcess } from "../../support/hot-runs.ts";
import type { CommandResult } from "../../support/run-command.ts";
import { layOutSource, SOURCE_CASES, SOURCE_TOKEN } from "../../support/source-cases.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const WORLD: HotWorld = { noon: Date.parse("2026-01-15T12:00:00Z"), parentId: 100, version: VERSION };

const ANSWER =
  `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",` +
  `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"${SOURCE_TOKEN}"}}\n`;

/** Children at once. */
const WORKERS = 4;

describe("the warm answer by an AWS profile", () => {
  const root = tempFolder();

  for (const sourceCase of SOURCE_CASES) {
    it(`${sourceCase.answers ? "answers" : "leaves to the full program"}: ${sourceCase.name}`, () => {
      const result = inProcess(layOutSource(root(), sourceCase, WORLD));
      assert.deepEqual(result, {
        answered: sourceCase.answers,
        printed: sourceCase.answers ? ANSWER : "",
      });
    });
  }

  it("has a name of its own for every case of the table", () => {
    assert.equal(new Set(SOURCE_CASES.map(({ name }) => name)).size, SOURCE_CASES.length);
  });
});

describe("the warm answer by an AWS profile, as a process", () => {
  const results = new Map<string, CommandResult>();
  let root = "";

  before(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-hot-"));
    const program = await bundledScript("warm-answer", root);
    const waiting = SOURCE_CASES.map((sourceCase, index) => ({ sourceCase, folder: `${root}/${index}` }));
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const call = layOutSource(next.folder, next.sourceCase, WORLD);
        results.set(next.sourceCase.name, await asProgram(program, call));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  for (const { name, answers } of SOURCE_CASES) {
    it(`${answers ? "answers" : "leaves to the full program"}: ${name}`, () => {
      const stdout = answers ? ANSWER : "";
      assert.deepEqual(results.get(name), { status: answers ? 0 : 1, stdout, stderr: "" });
    });
  }
});
