import assert from "node:assert/strict";
import { blockLines, flowText, inlineText } from "../../../../plugin/setup/yaml/yaml-text.ts";

describe("values as YAML", () => {
  const words: [string, string][] = [
    ["kubectl-vouch", "kubectl-vouch"],
    ["/usr/local/bin/kubectl-vouch", "/usr/local/bin/kubectl-vouch"],
    ["--role", "--role"],
    ["https://us.vouch.sh", "https://us.vouch.sh"],
    ["arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x"],
    ["NO", '"NO"'],
    ["0.1.0", '"0.1.0"'],
    ["a:", '"a:"'],
    ["a b", '"a b"'],
    ["-", '"-"'],
    ["", '""'],
    ["\u0085\u2028\u007f", '"\\u0085\\u2028\\u007f"'],
    ["🔑", '"🔑"'],
  ];
  for (const [text, written] of words) {
    it(`writes ${JSON.stringify(text)} as ${written}`, () => assert.equal(inlineText(text), written));
  }

  it("writes what is no text as JSON does", () => {
    assert.deepEqual([true, null, 1.5, [], {}].map(inlineText), ["true", "null", "1.5", "[]", "{}"]);
    assert.equal(flowText({ a: ["x", null], "b c": {} }), '{"a": ["x", null], "b c": {}}');
  });

  it("writes maps and lists in lines", () => {
    assert.deepEqual(blockLines({ a: [{ b: { c: "x" }, d: [] }, ["y"]], "e: f": {} }, 2), [
      "  a:",
      "  - b:",
      "      c: x",
      "    d: []",
      '  - - "y"',
      '  "e: f": {}',
    ]);
  });
});
