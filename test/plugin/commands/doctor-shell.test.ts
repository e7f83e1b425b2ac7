import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("kubectl vouch doctor on Windows", () => {
  const folder = tempFolder();

  /** What it prints, in one line, for a case whose cluster has this name. */
  async function printed(
    name: string,
    words: readonly string[],
    env: Record<string, string>,
  ): Promise<string> {
    const home = folder();
    const file = path.join(home, "case.json");
    const { bundle } = FAULTS.find(({ row }) => row === "K1") ?? assert.fail();
    fs.writeFileSync(file, JSON.stringify(bundle).replaceAll(/\blab\b/g, name));
    const app = fakeApp({ home, env: { HOME: home, ...env }, platform: "win32", clock: Date.now });
    assert.equal(await run(["doctor", "--evidence", file, ...words], app), 79);
    return app.written.stdout.replaceAll(/\s+/g, " ");
  }
  const PROMPT = { PROMPT: "$P$G" };

  it("prints no command that would run a name in another shell, and how to get it", async () => {
    const text = await printed("x&calc&", [], PROMPT);
    assert.match(
      text,
      /No command is printed: cmd\.exe, PowerShell and bash interpret "x&calc&" differently \(specify your shell with --shell\)\./,
    );
    assert.doesNotMatch(text, / kubectl [^.]*x&calc&/);
  });

  it("prints it for a shell that is certain", async () => {
    for (const [words, env] of [
      [["--shell", "powershell"], PROMPT],
      [[], {}],
    ] as const)
      assert.match(await printed("x&calc&", words, env), / kubectl vouch setup eks --cluster 'x&calc&' /);
  });

  it("prints other commands for the likeliest one", async () => {
    assert.match(await printed("my lab", [], PROMPT), / kubectl vouch setup eks --cluster "my lab" /);
  });
});
