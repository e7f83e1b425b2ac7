import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import { readEvidence } from "../../doctor/evidence/read-evidence.ts";
import { pages } from "../../doctor/reference/pages.ts";

const DOCTOR = path.resolve(import.meta.dirname, "..", "..", "doctor");

describe("the generated pages of the doctor", () => {
  for (const [name, text] of Object.entries(pages())) {
    it(`${name} is what \`npm run codes\` writes`, () => {
      assert.equal(fs.readFileSync(path.join(DOCTOR, name), "utf8"), text);
    });
  }

  it("EVIDENCE.md ends with an example that is a bundle, and whose cause is found for certain", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(pages()["EVIDENCE.md"] ?? "") ?? [];
    const { rootCauses } = diagnose(RULES, deriveFacts(readEvidence(example)));
    assert.deepEqual(
      rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
      ["E3 certain"],
    );
  });

  it("CODES.md has an anchor for every rule and a line for every row", () => {
    const text = pages()["CODES.md"] ?? "";
    for (const { code, causes } of RULES) {
      assert.ok(text.includes(`\n### ${code}\n`), code);
      for (const cause of causes) assert.match(text, new RegExp(`^\\| ${cause}(?:\\\\\\*)? +\\|`, "m"));
    }
  });
});
