import { VERSION } from "../../../token/hot/version.ts";
import { inProcess } from "../../support/hot-runs.ts";
import { EDIT_SEEDS, EDITS, playEdits } from "../../support/source-edits.ts";
import { ON_DISK, tempFolder } from "../../support/temp-folder.ts";

describe("the warm answer on Node", function () {
  this.timeout(600_000);
  const root = tempFolder(ON_DISK);

  for (const seed of EDIT_SEEDS)
    it(`is never of the files before an edit, over ${EDITS} edits of AWS files (seed ${seed})`, async () => {
      const noon = Date.now();
      await playEdits({
        root: root(),
        seed,
        world: () => ({ noon, parentId: 100, version: VERSION }),
        call: async ({ args, env }) => {
          const { answered, printed } = inProcess({ args, env, now: noon, parentId: 100 });
          return answered ? printed : undefined;
        },
      });
    });
});
