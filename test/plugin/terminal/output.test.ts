import assert from "node:assert/strict";
import { parse } from "yaml";
import { duration, printObject, table, yamlText } from "../../../plugin/terminal/output.ts";
import { fakeApp } from "../../support/fake-app.ts";

describe("duration", () => {
  const cases: [number, string][] = [
    [-5000, "0 s"],
    [999, "0 s"],
    [1000, "1 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [3_600_000, "1 h 0 min"],
    [8 * 3_600_000 - 1, "7 h 59 min"],
    [100 * 3_600_000, "100 h 0 min"],
  ];
  for (const [ms, expected] of cases)
    it(`tells ${ms} ms as ${expected}`, () => assert.equal(duration(ms), expected));
});

describe("table", () => {
  it("pads each column to its widest cell, and no line at its end", () => {
    assert.equal(
      table([
        ["A", "LONG", "C"],
        ["wide", "x", ""],
        ["w", "", "z"],
      ]),
      "A     LONG  C\nwide  x\nw           z\n",
    );
  });

  it("is nothing of nothing", () => assert.equal(table([]), ""));
});

describe("yamlText", () => {
  /** What a reader of YAML 1.1 takes for something else than text. */
  const AMBIGUOUS = [
    ...["2026-01-15T12:00:00Z", "2026-01-15", "12:30:45", "12:30", "yes", "No", "on", "y", "~", "null"],
    ...["0777", "0x1f", "1_000", ".5", "1e3", ".inf", "true", "", "<<", "="],
  ];
  for (const text of AMBIGUOUS) {
    it(`quotes ${JSON.stringify(text)}, for readers of YAML 1.1 as for those of 1.2`, () => {
      const written = yamlText({ [text]: text, list: [text] });
      for (const version of ["1.1", "1.2"] as const)
        assert.deepEqual(parse(written, { version }), { [text]: text, list: [text] }, written);
    });
  }

  it("quotes nothing that is text to all of them", () => {
    assert.equal(
      yamlText({ at: "2026-01-15T12:00:00Z", b: "lab-vouch", c: 3 }),
      'at: "2026-01-15T12:00:00Z"\nb: lab-vouch\nc: 3\n',
    );
  });
});

describe("printObject", () => {
  const readers = { json: (text: string): unknown => JSON.parse(text), yaml: parse };
  for (const format of ["json", "yaml"] as const) {
    it(`prints ${format} with apiVersion and kind first`, () => {
      const app = fakeApp({ home: "/nonexistent" });
      const body = { bytes: 0, host: "yes: [1", region: undefined, problems: [], acceptable: true };
      printObject(app, format, "TokenExplanation", body);
      const { region: _none, ...printedBody } = body;
      const expected = { apiVersion: "vouch.kubectl/v1", kind: "TokenExplanation", ...printedBody };
      const printed = readers[format](app.written.stdout) as object;
      assert.deepEqual(printed, expected);
      assert.deepEqual(Object.keys(printed), Object.keys(expected));
      assert.ok(app.written.stdout.endsWith("\n"));
    });
  }
});
