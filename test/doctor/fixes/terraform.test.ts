import assert from "node:assert/strict";
import { hclString } from "../../../doctor/fixes/terraform.ts";
import { hclStrings } from "../support/hcl-strings.ts";

describe("hclString", () => {
  for (const value of [
    "a",
    `\${var.x}`,
    `$\${x}`,
    "%{if x}",
    "%%{",
    'a"b',
    "a\\b",
    `\\\${x}`,
    "\b\f\n",
    "\\b",
    "é😀",
    "$",
    "",
  ]) {
    it(`writes ${JSON.stringify(value)} so that Terraform reads it`, () => {
      assert.deepEqual(hclStrings(`x = ${hclString(value)}`), { found: new Set([value]), fault: undefined });
    });
  }

  it("would be seen to fail", () => {
    assert.ok(!hclStrings(`x = "\${a}"`).found.has(`\${a}`));
    assert.match(hclStrings('x = "a" ; "').fault ?? "", /outside of strings/);
  });
});
