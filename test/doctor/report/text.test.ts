import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { type TextOptions, textReport } from "../../../doctor/report/text.ts";
import { healthyBundle } from "../support/bundle.ts";
import { unauthorized } from "../support/credential-case.ts";
import { assertGolden } from "../support/golden.ts";
import { CASES, reportOn } from "../support/report-case.ts";

/** Control characters, apart from the end of a line, and invisible ones that turn the text. */
const CONTROL = /[^\P{Cc}\n]|\p{Cf}/u;

const PLAIN: TextOptions = { width: 100, color: false, unicode: true, verbose: false };

describe("the text report", () => {
  for (const [name, bundle] of Object.entries(CASES)) {
    for (const width of [60, 100]) {
      it(`is, for the case ${name} at ${width} columns, as in its golden file`, () => {
        assertGolden(`${name}-${width}.txt`, textReport(reportOn(bundle), { ...PLAIN, width }));
      });
    }
    it(`is, for the case ${name}, pure ASCII where nothing else can be shown`, () => {
      const text = textReport(reportOn(bundle), { ...PLAIN, unicode: false, verbose: true });
      assert.match(text, /^[\n -~]*$/);
      assertGolden(`${name}-ascii.txt`, text);
    });

    it(`differs, for the case ${name}, by nothing but colours when it has them`, () => {
      const colored = textReport(reportOn(bundle), { ...PLAIN, color: true });
      const plain = textReport(reportOn(bundle), PLAIN);
      assert.notEqual(colored, plain);
      assert.equal(stripVTControlCharacters(colored), plain);
      assert.doesNotMatch(plain, CONTROL);
    });
  }

  it("begins with the cause, and ends with the last command of its mend", () => {
    const lines = textReport(reportOn(CASES["stale"] ?? healthyBundle()), PLAIN)
      .trimEnd()
      .split("\n");
    assert.match(lines[0] ?? "", /^✗ E3 certain: /);
    assert.match(lines.at(-1) ?? "", /^ {4}aws eks associate-access-policy /);
  });

  it("wraps its sentences at the width, and commands never", () => {
    const text = textReport(reportOn(CASES["stale"] ?? healthyBundle()), { ...PLAIN, width: 60 });
    const long = text.split("\n").filter((line) => line.length > 60);
    const isCommand = (line: string) => /^ {4}aws |^ +`[^`]*`$/.test(line);
    const endsInOneLongWord = (line: string) => (line.split(" ").at(-1) ?? "").length > 40;
    assert.ok(long.some(isCommand));
    assert.deepEqual(
      long.filter((line) => !isCommand(line) && !endsInOneLongWord(line)),
      [],
    );
  });

  it("lets nothing hidden through in what is there to be pasted, and changes nothing else in it", () => {
    const report = reportOn(CASES["stale"] ?? healthyBundle());
    const [cause] = report.rootCauses;
    assert.ok(cause);
    const fix = { ...cause.fixes[0], commands: ["echo “…” \u001b[31m"], text: "a: ’\u202e\n" };
    const text = textReport({ ...report, rootCauses: [{ ...cause, fixes: [fix] }] } as typeof report, {
      ...PLAIN,
      unicode: false,
    });
    assert.match(text, /^ {4}echo “…” \\u001b\[31m$/m);
    assert.match(text, /^ {4}a: ’\\u202e$/m);
  });

  it("does not pass on what would move the cursor or change the colours", () => {
    const bundle = unauthorized({
      cluster: { failed: "\x1b[2J\x1b]0;owned\x07denied\rok \u202Eright to left" },
    });
    const text = textReport(reportOn(bundle), PLAIN);
    assert.doesNotMatch(text, CONTROL);
    const escaped = "\\u001b[2J\\u001b]0;owned\\u0007denied\\u000dok \\u202eright to left";
    assert.ok(text.includes(`could not see cluster: ${escaped}`), text);
  });
});
