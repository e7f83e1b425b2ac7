import assert from "node:assert/strict";
import { canPick, pick } from "../../../plugin/terminal/pick.ts";
import { type FakeAppOptions, fakeApp } from "../../support/fake-app.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const ENTER = "\r";
const DOWN = "\u001b[B";
const CHOICES = ["lab", "web", "Shop-web"].map((name, index) => ({
  value: name,
  cells: [name, ["us-east-1", "eu-west-1"][index % 2] ?? ""],
}));

describe("a list to pick from", () => {
  const picking = (keys: readonly string[], options: Partial<FakeAppOptions> = {}, choices = CHOICES) => {
    const terminal = scriptedTerminal([keys]);
    const env = { LANG: "C.UTF-8" };
    const app = fakeApp({ home: "/nonexistent", env, terminal, columns: 100, ...options });
    return { terminal, app, picked: pick(app, { question: "Cluster:", choices, color: "auto" }) };
  };

  const picks: Readonly<Record<string, [keys: readonly string[], string]>> = {
    "the first one, by Enter alone": [[ENTER], "lab"],
    "the one below": [[DOWN, ENTER], "web"],
    "none below the last": [[DOWN, DOWN, DOWN, DOWN, ENTER], "Shop-web"],
    "the first of those that contain what was typed": [[..."WEB", ENTER], "web"],
    "by all words, in any column": [[..."us-e web", ENTER], "Shop-web"],
    "by what is left after a correction": [[..."shopx", "\u007f", ENTER], "Shop-web"],
    "nothing where nothing matches": [[..."zz", ENTER, "\u007f", "\u007f", ENTER], "lab"],
  };
  for (const [what, [keys, expected]] of Object.entries(picks))
    it(`picks ${what}`, async () => {
      const { picked, terminal, app } = picking(keys);
      assert.equal(await picked, expected);
      terminal.verify();
      assert.deepEqual(app.written, { stdout: "", stderr: "" });
    });

  it("shows first what is named as was typed, then what begins so, whatever its other columns contain", async () => {
    const choices = ["factory", "lab-2", "lab", "prod"].map((name) => ({
      value: name,
      cells: [name, "lab-dev"],
    }));
    assert.equal(await picking([..."LAB", ENTER], {}, choices).picked, "lab");
    assert.equal(await picking([..."lab", DOWN, ENTER], {}, choices).picked, "lab-2");
    assert.equal(await picking([..."lab", DOWN, DOWN, ENTER], {}, choices).picked, "factory");
  });

  it("says that nothing matches", async () => {
    const { picked, terminal } = picking([..."zz", "\u0003"]);
    await assert.rejects(picked, { code: "interrupted" });
    assert.match(terminal.shown(), /Nothing matches\./);
  });

  for (const [what, key] of Object.entries({ "Ctrl-C": "\u0003", "Ctrl-D": "\u0004" }))
    it(`is left by ${what}, with the cursor shown`, async () => {
      const { picked, terminal } = picking(["w", key]);
      await assert.rejects(picked, { code: "interrupted", message: "Interrupted." });
      assert.ok(terminal.shown().endsWith("\u001b[?25h"));
      terminal.verify();
    });

  it("is left when the process is asked to stop", async () => {
    const stopping = new AbortController();
    const { picked, terminal } = picking([], { signal: stopping.signal });
    setImmediate(() => stopping.abort());
    await assert.rejects(picked, { code: "interrupted" });
    terminal.verify();
  });

  it("shows foreign names as text, in lines that are not broken", async () => {
    const name = `x\u001b[2J\u202e${"y".repeat(200)}`;
    const { picked, terminal } = picking([ENTER], { columns: 60 }, [{ value: "it", cells: [name, "a"] }]);
    assert.equal(await picked, "it");
    assert.ok(!terminal.shown().includes("\u001b[2J") && !terminal.shown().includes("\u202e"));
    const [, line = ""] = /❯ (x\\u001b\[2J\\u202ey+)/.exec(terminal.shown()) ?? [];
    assert.equal(line.length, 57);
  });

  it("has colors only where they are wanted, and signs that the terminal shows", async () => {
    const colors = "\u001b[36m";
    const shownWith = async (options: Partial<FakeAppOptions>) => {
      const { picked, terminal } = picking([ENTER], options);
      await picked;
      return terminal.shown();
    };
    assert.ok((await shownWith({ terminals: ["stderr"] })).includes(colors));
    const plain = await shownWith({ terminals: ["stderr"], env: { NO_COLOR: "1", LANG: "C" } });
    assert.ok(!plain.includes(colors));
    assert.match(plain, /> lab {7}us-east-1\r?\n/);
    assert.match(plain, /Type to search; Up\/Down move, Enter select, Esc cancel/);
    assert.doesNotMatch(plain, /[^\0-\x7e]/);
  });

  it("is not shown where there is no terminal", async () => {
    const app = fakeApp({ home: "/nonexistent", terminal: "none" });
    assert.equal(await pick(app, { question: "Cluster:", choices: CHOICES, color: "auto" }), undefined);
  });

  it("is for users at a terminal that can be drawn on", () => {
    const can = (options: Partial<FakeAppOptions>) =>
      canPick(fakeApp({ home: "/nonexistent", terminals: ["stdin", "stderr"], ...options }));
    assert.equal(can({}), true);
    for (const terminals of [["stdin"], ["stderr", "stdout"], []] as const)
      assert.equal(can({ terminals }), false);
    for (const env of [{ TERM: "dumb" }, { CI: "true" }, { CLAUDECODE: "1" }, { AI_AGENT: "x" }])
      assert.equal(can({ env }), false);
  });
});
