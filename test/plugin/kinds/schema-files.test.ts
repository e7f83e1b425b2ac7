import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { KINDS } from "../../../plugin/kinds/kinds.ts";
import { schemaFiles } from "../../../plugin/kinds/schema-files.ts";
import type { Schema } from "../../../token/schema.ts";
import { onPosix } from "../../support/platform.ts";

const FOLDER = path.resolve(import.meta.dirname, "..", "..", "..", "plugin", "schemas");

describe("plugin/schemas/", () => {
  for (const [name, text] of Object.entries(schemaFiles()))
    it(`${name} is what \`npm run codes\` writes`, () =>
      assert.equal(fs.readFileSync(path.join(FOLDER, name), "utf8"), text));

  it("has nothing else", () =>
    assert.deepEqual(fs.readdirSync(FOLDER).sort(), Object.keys(schemaFiles()).sort()));

  it("has every kind under its own name", () => {
    const files = schemaFiles();
    const named = Object.keys(KINDS).map((name) => {
      const { properties } = JSON.parse(files[`${name}.schema.json`] ?? "{}") as Schema;
      return [name, properties?.["kind"]?.const];
    });
    assert.deepEqual(
      named.filter(([name, constant]) => name !== constant),
      [],
    );
  });

  onPosix("paths", "is where all JSON Schemas are", () => {
    const root = path.resolve(FOLDER, "..", "..");
    const found = fs.globSync("{plugin,doctor,token,krew,test}/**/*.schema.json", { cwd: root });
    assert.deepEqual(
      found.filter((file) => path.dirname(file) !== "plugin/schemas"),
      [],
    );
  });
});
