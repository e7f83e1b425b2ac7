import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const FOLDER = path.resolve(import.meta.dirname, "..", "..", "golden", "doctor");

/** `UPDATE_GOLDEN=1 npx mocha 'test/doctor/report/*.test.ts'` rewrites the files. */
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** Holds a text against the file of this name in test/golden/doctor. */
export function assertGolden(name: string, text: string): void {
  const file = path.join(FOLDER, name);
  if (isUpdate) fs.writeFileSync(file, text);
  assert.equal(text, fs.readFileSync(file, "utf8"), name);
}
