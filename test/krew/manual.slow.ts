import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { MANUAL, makeManual } from "../../krew/manual.ts";
import { readManualPage } from "../support/manual-page.ts";

const OWN = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, "../../package.json"), "utf8")) as {
  readonly version: string;
  readonly homepage: string;
  readonly man: string[];
  readonly files: string[];
};

describe("the manual page that is made", () => {
  it("is of our version, well formed, and the same bytes each time", async () => {
    const first = await makeManual();
    const other = {
      LC_ALL: "de_DE.UTF-8",
      TZ: "Asia/Tokyo",
      SHELL: "/usr/bin/fish",
      COLUMNS: "40",
    };
    const before = Object.keys(other).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, other);
    try {
      assert.equal(await makeManual(), first);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    const { head, sections } = readManualPage(first);
    assert.equal(head[3], `kubectl-vouch ${OWN.version}`);
    assert.ok(sections.at(-1)?.text.endsWith(OWN.homepage));
  });

  it("is what npm is told to install: in a list, as npm passes over a single name", () => {
    assert.deepEqual(OWN.man, [`dist/${MANUAL}`]);
    assert.ok(OWN.files.includes(`dist/${MANUAL}`));
  });
});
