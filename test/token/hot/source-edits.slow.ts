import assert from "node:assert/strict";
import { VERSION } from "../../../token/hot/version.ts";
import { inProcess } from "../../support/hot-runs.ts";
import { playEdits } from "../../support/source-edits.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SEED = Number(process.env["VOUCH_EDITS_SEED"] ?? 20_260_115);
const EDITS = 20_000;

describe(`the warm answer on Node over ${EDITS} edits of AWS files (seed ${SEED})`, function () {
  this.timeout(600_000);
  const root = tempFolder();

  it("is never of the files before an edit", async () => {
    const noon = Date.now();
    const counts = await playEdits({
      root: root(),
      seed: SEED,
      edits: EDITS,
      world: () => ({ noon, parentId: 100, version: VERSION }),
      call: async ({ args, env }) => {
        const { answered, printed } = inProcess({ args, env, now: noon, parentId: 100 });
        return answered ? printed : undefined;
      },
    });
    assert.ok(counts.answered > EDITS / 4 && counts.left > EDITS / 2, JSON.stringify(counts));
  });
});
