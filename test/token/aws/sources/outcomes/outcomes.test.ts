import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { onPosix } from "../../../../support/platform.ts";
import { ourOutcome } from "./our-outcome.ts";
import { OUTCOME_CASES } from "./outcome-cases.ts";
import { type Scene, startScene } from "./scene.ts";

describe("what comes of a profile, from its files to its keys", () => {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "outcomes-"));
  let scene: Scene;
  before(async () => {
    scene = await startScene(home);
  });
  after(async () => {
    await scene.close();
    fs.rmSync(home, { recursive: true });
  });

  for (const each of OUTCOME_CASES) {
    const title = `${each.row}: ${each.name}`;
    const test = async () => {
      const outcome = await ourOutcome(scene, each);
      if (typeof each.ours === "string") return assert.equal(outcome, each.ours);
      const [exit, code, says] = each.ours;
      assert.ok(typeof outcome !== "string", `it gives ${String(outcome)}`);
      assert.deepEqual([outcome.exit, outcome.code], [exit, code], outcome.message);
      assert.match(outcome.message, says);
      assert.match(outcome.hint, /`.+`/);
      assert.doesNotMatch(outcome.message + outcome.hint, /canary/);
    };
    if (each.name.includes("process")) onPosix("programs", title, test);
    else it(title, test);
  }

  it("comes without a question to the machine, which none of these profiles may ask", () => {
    assert.deepEqual(scene.metadata.asked, []);
  });

  it("has every row, once or in parts", () => {
    const rows = new Set(OUTCOME_CASES.map(({ row }) => Number.parseInt(row, 10)));
    assert.deepEqual(
      [...rows],
      Array.from({ length: 42 }, (_, index) => index + 1),
    );
    assert.equal(new Set(OUTCOME_CASES.map(({ row }) => row)).size, OUTCOME_CASES.length);
  });
});
