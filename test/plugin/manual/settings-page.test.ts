import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { settingsPage } from "../../../plugin/manual/settings-page.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../plugin/SETTINGS.md");

describe("SETTINGS.md", () => {
  it("is what `npm run codes` writes", () => assert.equal(fs.readFileSync(PAGE, "utf8"), settingsPage()));
});
