import assert from "node:assert/strict";
import {
  bold,
  entry,
  line,
  paragraph,
  placeholder,
  plain,
  prose,
  section,
  verbatim,
} from "../../../plugin/manual/manual.ts";
import { readManualPage } from "../../support/manual-page.ts";

const HEAD = ['.TH "X" "1" "" "x" "y"', section("NAME")];
const page = (...lines: string[]) => readManualPage(`${[...HEAD, ...lines].join("\n")}\n`);

describe("roff", () => {
  const HOSTILE = [
    ".SH is no heading",
    "'br is no break",
    "\\fBnot bold\\fR \\(aq \\e \\",
    `-o "a" 'b' \`c\` ~/d^e`,
    "...",
    ".",
    "PS1='$(kubectl-vouch status --prompt) $ '#",
  ];
  for (const text of HOSTILE) {
    it(`says ${text} as it stands`, () => {
      assert.equal(page(...paragraph(plain(text))).sections[0]?.text, text);
      assert.deepEqual(page(...verbatim([text])).sections[0]?.verbatim, [text]);
      assert.deepEqual(page(...entry(bold(text), placeholder(text))).sections[0]?.entries, [
        { term: text, text },
      ]);
    });
  }

  it("sets in bold what stands between backticks", () => {
    assert.equal(prose("Run `kubectl vouch -h` now."), "Run \\fBkubectl vouch \\-h\\fR now.");
  });

  it("writes an ellipsis as three dots", () => {
    assert.equal(line(plain("… and so on")), "\\&... and so on");
  });

  for (const text of ["two\nlines", "a tab\there", "caf\u00e9", "\u001b[31m"]) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => plain(text), /the manual page cannot represent/));
  }
});

describe("the reader of manual pages", () => {
  const REFUSED: Record<string, string[]> = {
    "a hyphen": ["a-b"],
    "an unknown escape": ["\\s+1big"],
    "a backslash at the end": ["a\\"],
    "an unknown request": [".BR x"],
    "a dot at the beginning": [".hidden files"],
    "an apostrophe at the beginning": ["'tis"],
    "an empty line": [""],
    "blanks at the end": ["a "],
    "letters beyond ASCII": ["caf\u00e9"],
    "bold that does not end": ["\\fBa"],
    "a font within a font": ["\\fBa\\fIb\\fR"],
    "lines to copy that do not end": [".nf", "a"],
    "an indent that does not end": [".RS 4", "a"],
    "an entry without a term": [".TP", ".PP"],
    "a subsection outside of COMMANDS": ['.SS "a"'],
    "a second head": [HEAD[0] ?? ""],
    "a heading of two words": [".SH A B"],
  };
  for (const [name, lines] of Object.entries(REFUSED)) {
    it(`refuses ${name}`, () => assert.throws(() => page(...lines)));
  }

  it("takes what is well formed", () => {
    assert.deepEqual(page(".PP", "a \\- \\fBb\\fR").sections, [
      { title: "NAME", entries: [], verbatim: [], text: "a - b" },
    ]);
  });
});
