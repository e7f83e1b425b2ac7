import assert from "node:assert/strict";
import { type CorpusCase, corpus, judge } from "./corpus.ts";

/** How many are answered at least. A change that raises the score raises this, too. */
const LEAST = { "that were worked on": 172, "that are set aside": 94 };

describe("the doctor, given only what people paste", () => {
  const cases = corpus();
  const parts = {
    "that were worked on": cases.filter(({ isSetAside }) => !isSetAside),
    "that are set aside": cases.filter(({ isSetAside }) => isSetAside),
  };
  const judged = (texts: readonly CorpusCase[]) => texts.map((text) => ({ ...text, ...judge(text) }));

  for (const [part, texts] of Object.entries(parts)) {
    const verdicts = judged(texts).map(({ verdict }) => verdict);
    const right = verdicts.filter((verdict) => verdict === "right").length;
    it(`answers ${right} of the ${texts.length} texts ${part}`, () => {
      assert.ok(right >= LEAST[part as keyof typeof LEAST]);
    });
  }

  it("is never certain of a wrong cause, in a text that was worked on", () => {
    const certain = judged(parts["that were worked on"]).filter(
      ({ verdict }) => verdict === "wrong and certain",
    );
    assert.deepEqual(
      certain.map(({ name, said }) => [name, said]),
      [],
    );
  });

  it("is judged by cases that name their source and known rows", () => {
    for (const { name, source, answer, text } of cases) {
      assert.match(source, /^\S+\.\S+\/\S+/, name);
      for (const row of answer) assert.match(row, /^[A-Z]\d{1,2}$/, name);
      assert.notEqual(text.trim(), "", name);
    }
  });
});
