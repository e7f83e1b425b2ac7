import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const RELEASE = path.resolve(import.meta.dirname, "../../krew/release.ts");

describe("npm run release", () => {
  const folder = tempFolder();
  const release = (...words: string[]) =>
    runCommand([process.execPath, "--no-warnings", RELEASE, ...words], {
      env: { PATH: process.env["PATH"] ?? "", XDG_CACHE_HOME: path.join(folder(), "cache"), HOME: folder() },
    });

  it("says which option it does not know, and an example to paste", async () => {
    const { status, stderr } = await release("--bogus");
    assert.equal(status, 1);
    assert.match(stderr, /^error: Unknown option '--bogus'.*\nFor instance: `npm run release -- /);
    assert.doesNotMatch(stderr, /^ +at /m);
  });

  it("says which platforms there are", async () => {
    const { status, stderr } = await release("--platform", "plan9_mips");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^error: Unknown platform plan9_mips\. Platforms: linux_amd64, .*windows_arm64\.\n$/,
    );
  });

  it("replaces no folder that holds something else", async () => {
    const own = path.join(folder(), "own");
    fs.mkdirSync(own);
    fs.writeFileSync(path.join(own, "thesis.txt"), "years of work");
    for (const out of [own, path.join(own, "thesis.txt")]) {
      const { status, stderr } = await release("--out", out);
      assert.equal(status, 1);
      assert.ok(stderr.startsWith(`error: ${out} exists and is not a release. `), stderr);
    }
    assert.equal(fs.readFileSync(path.join(own, "thesis.txt"), "utf8"), "years of work");
  });
});
