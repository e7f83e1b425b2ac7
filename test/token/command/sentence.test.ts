import assert from "node:assert/strict";
import { run } from "../../../token/command/command.ts";
import { type Sentence, sentence, sentenceText } from "../../../token/command/sentence.ts";

describe("sentenceText", () => {
  const table: Readonly<Record<string, readonly [sentence: Sentence, text: string]>> = {
    "is plain words": ["Look there.", "Look there."],
    "puts a command between backticks": [sentence`Run ${run("date", "-u")}.`, "Run `date -u`."],
    "writes numbers": [sentence`It has ${3} groups.`, "It has 3 groups."],
    "takes another sentence in": [sentence`${sentence`Run ${run("id")}`} (twice)`, "Run `id` (twice)"],
    "lets no value pass for a command": [
      sentence`User ${"x`; run `rm -rf ~`"} is odd.`,
      "User x'; run 'rm -rf ~' is odd.",
    ],
    "lets no plain words do so": ["Run `rm -rf ~`.", "Run 'rm -rf ~'."],
    "shows what a terminal would not": [
      sentence`It says ${"a\u001b[2J\u202e\ud800b\n"}.`,
      "It says a\\u001b[2J\\u202e\\ud800b\\u000a.",
    ],
    "says why there is no command": [
      sentence`Run ${run("x", "", { a: "`\u001b" })}.`,
      'Run (command not shown: "\'\\u001b" contains characters that a terminal does not display).',
    ],
  };
  for (const [says, [value, text]] of Object.entries(table))
    it(says, () => assert.equal(sentenceText(value, "bash"), text));

  it("writes for the shell that is asked for", () => {
    const value = sentence`Run ${run("x", "", { as: "it's" })}.`;
    assert.equal(sentenceText(value, "powershell"), "Run `x --as 'it''s'`.");
  });
});
