/**
 * The warm answer by an AWS profile, of the release in the folder that KUBECTL_VOUCH_RELEASE names: the table that holds on
 * Node, byte for byte, and many edits of AWS's files.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bundledScript } from "../support/bundled-script.ts";
import type { HotCall } from "../support/hot-on-disk.ts";
import { asProgram } from "../support/hot-runs.ts";
import { startShell } from "../support/one-parent.ts";
import { runBytes } from "../support/run-bytes.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { layOutSource, SOURCE_CASES } from "../support/source-cases.ts";
import { EDIT_SEEDS, EDITS, playEdits } from "../support/source-edits.ts";
import { ON_DISK, tempFolder } from "../support/temp-folder.ts";

/** What the launcher becomes ends with this, and says nothing. */
const BECAME_CORE = 77;

const { folder, launcher, core } = shipped();
let nodeProgram = "";
before(async () => {
  fs.rmSync(core);
  const source = `int main(void) { return ${BECAME_CORE}; }`;
  execFileSync("gcc", ["-static", "-O1", "-x", "c", "-o", core, "-"], { input: source });
  nodeProgram = await bundledScript("warm-answer", folder, SHIPPED_VERSION);
});

/** As it is now, for the children of this process. */
const world = () => ({ noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION });

describe("the launcher's warm answer by an AWS profile", () => {
  const root = tempFolder(ON_DISK);

  for (const sourceCase of SOURCE_CASES) {
    const { name, answers } = sourceCase;
    it(`${answers ? "answers, as Node does" : "becomes the core"}: ${name}`, async () => {
      const call: HotCall = layOutSource(root(), sourceCase, world());
      const node = await asProgram(nodeProgram, { ...call, parentId: call.parentId + (answers ? 1 : 0) });
      const { status, stdout, stderr } = runBytes([launcher, ...call.args], { env: call.env });
      assert.deepEqual(
        { status, stdout, stderr },
        { status: answers ? 0 : BECAME_CORE, stdout: node.stdout, stderr: "" },
      );
      assert.equal(node.status, answers ? 0 : 1);
    });
  }

  for (const seed of EDIT_SEEDS)
    it(`is never of the files before an edit, over ${EDITS} edits (seed ${seed})`, async function () {
      this.timeout(600_000);
      const shell = startShell(launcher, path.join(folder, "shell"));
      try {
        await playEdits({
          root: root(),
          seed,
          world,
          call: async ({ args, env }) => {
            const { status, stdout, stderr } = await shell.run(args, env);
            assert.equal(stderr, "");
            if (status === 0) return stdout;
            assert.deepEqual([status, stdout], [BECAME_CORE, ""]);
            return undefined;
          },
        });
      } finally {
        shell.stop();
      }
    });
});
