import assert from "node:assert/strict";
import { ReleaseError, run } from "../../krew/run.ts";

describe("run", () => {
  const node = (code: string, options = {}) => run(process.execPath, ["-e", code], options);

  it("gives what a program writes to standard output", async () => {
    assert.equal(await node("console.log('a'); console.error('b')"), "a\n");
  });

  it("gives a program the environment that is asked for, and nothing of ours", async () => {
    const names = "console.log(Object.keys(process.env).join())";
    // Node adds this one by itself where coverage is taken.
    const given = await node(names, { env: { ONLY: "1" } });
    assert.equal(given.replace(",NODE_V8_COVERAGE", ""), "ONLY\n");
    assert.equal((await node(names)).trim(), Object.keys(process.env).join());
  });

  it("says how a program failed, and what it said", async () => {
    await assert.rejects(node("console.error('no disk'); process.exit(3)"), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, / ended with status 3: -e .*\nno disk$/s);
      return true;
    });
  });

  it("says which program is missing, and how to get it", async () => {
    await assert.rejects(run("/nowhere/zig", [], { hint: "Install it." }), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, /^\/nowhere\/zig cannot be run: .*ENOENT\.?\nInstall it\.$/);
      return true;
    });
  });
});
