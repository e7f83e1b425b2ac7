import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { Pen } from "../../../doctor/report/pen.ts";
import { type TextOptions, textReport } from "../../../doctor/report/text.ts";
import { inTimeZone } from "../../support/time-zone.ts";
import { healthyBundle, unauthorized } from "../support/bundle.ts";
import { assertGolden } from "../support/golden.ts";
import { CASES, goldenReports, reportOn } from "../support/report-case.ts";

/** Control characters, apart from the end of a line, and invisible ones that turn the text. */
const CONTROL = /[^\P{Cc}\n]|\p{Cf}/u;

const PLAIN: TextOptions = { width: 100, color: false, unicode: true, verbose: false };

describe("the text report", () => {
  inTimeZone("Europe/Berlin");
  const goldenText = (options: Partial<TextOptions>) =>
    goldenReports()
      .map((report) => textReport(report, { ...PLAIN, ...options }))
      .join("\n---\n\n");

  for (const width of [60, 100])
    it(`is, at ${width} columns, the text of the golden file`, () => {
      assertGolden(`report-${width}.txt`, goldenText({ width }));
    });

  it("is pure ASCII where nothing else can be shown", () => {
    const text = goldenText({ unicode: false, verbose: true });
    assert.match(text, /^[\n -~]*$/);
    assertGolden("report-verbose-ascii.txt", text);
    for (const bundle of Object.values(CASES))
      assert.match(textReport(reportOn(bundle), { ...PLAIN, unicode: false, verbose: true }), /^[\n -~]*$/);
  });

  for (const [name, bundle] of Object.entries(CASES))
    it(`differs, for the case ${name}, by nothing but colors when it has them`, () => {
      const colored = textReport(reportOn(bundle), { ...PLAIN, color: true });
      const plain = textReport(reportOn(bundle), PLAIN);
      assert.notEqual(colored, plain);
      assert.equal(stripVTControlCharacters(colored), plain);
      assert.doesNotMatch(plain, CONTROL);
    });

  it("begins no line with what GitHub Actions would obey", () => {
    for (let width = 10; width < 90; width += 1) {
      const pen = new Pen({ ...PLAIN, width });
      pen.paragraph(
        "  • ",
        "A name from a case ::error::forged and ::add-mask::a in the middle of a sentence.",
      );
      assert.doesNotMatch(pen.text, /^\s*::/m);
    }
  });

  it("says what is broken, then its fix, whom to ask for it, and last how far the call got", () => {
    const text = textReport(reportOn(CASES["stale"] ?? healthyBundle()), PLAIN);
    assert.match(
      text,
      /^✗ The access entry for role Dev .* \(E3, certain\)\n.*\n\nFix \(cluster admin\): .*\n\nAsk your cluster admin: .*\n\nContext lab: kubeconfig ✓ .* mapping ✗\s+authorization \?\n$/s,
    );
  });

  it("says which file to attach to the message, once it is saved", () => {
    const report = reportOn(CASES["stale"] ?? healthyBundle());
    const heading = (saved?: string) =>
      /^Ask your (?:.+\n)+/m.exec(textReport(report, { ...PLAIN, saved }))?.[0].replaceAll(/\s+/g, " ");
    assert.equal(
      heading(),
      "Ask your cluster admin: run this again with `-o message --save case.json` for the text to send; attach case.json. ",
    );
    assert.equal(
      heading("a b\u202e.json"),
      "Ask your cluster admin: run this again with `-o message` for the text to send; attach a b\\u202e.json. ",
    );
  });

  it("wraps its sentences at the width, and commands never", () => {
    const text = textReport(reportOn(CASES["stale"] ?? healthyBundle()), { ...PLAIN, width: 60 });
    const long = text.split("\n").filter((line) => line.length > 60);
    const isCommand = (line: string) => /^ {4}aws |^ +`[^`]*`$/.test(line);
    const message = reportOn(CASES["stale"] ?? healthyBundle()).adminMessage ?? "";
    const isOfMessage = (line: string) => line.startsWith("    ") && message.includes(line.trim());
    const endsInOneLongWord = (line: string) => (line.split(" ").at(-1) ?? "").length > 40;
    assert.ok(long.some(isCommand));
    assert.deepEqual(
      long.filter((line) => !isCommand(line) && !isOfMessage(line) && !endsInOneLongWord(line)),
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

  it("does not pass on what would move the cursor or change the colors", () => {
    const bundle = unauthorized({
      cluster: { failed: "\x1b[2J\x1b]0;owned\x07denied\rok \u202Eright to left" },
    });
    const text = textReport(reportOn(bundle), { ...PLAIN, verbose: true });
    assert.doesNotMatch(text, CONTROL);
    const escaped = "\\u001b[2J\\u001b]0;owned\\u0007denied\\u000dok \\u202eright to left";
    assert.ok(text.includes(`could not see cluster: ${escaped}`), text);
  });
});
