import assert from "node:assert/strict";
import { addMark, BURST_MS, findMark, MARKS_LENGTH, type Mark } from "../../../token/hot/mark.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const MARK: Mark = { first: NOW - 1000, expires: NOW + 600_000, renewed: false, excused: false };
const RENEWED: Mark = { ...MARK, renewed: true };

/** A file with the marks of these processes, the last one added last. */
const fileOf = (...marks: readonly (readonly [parentId: number, mark: Mark])[]) =>
  marks.reduce((text, [parentId, mark]) => addMark(text, parentId, mark), "");
const many = (count: number) =>
  fileOf(...Array.from({ length: count }, (_, index) => [1000 + index, MARK] as const));

describe("a file of marks", () => {
  it("gives back what was left a moment ago", () => {
    for (const mark of [
      MARK,
      RENEWED,
      { ...MARK, excused: true },
      { ...MARK, first: NOW },
      { ...MARK, first: NOW - BURST_MS + 1 },
    ]) {
      assert.deepEqual(findMark(fileOf([7, mark]), 7, NOW), mark);
    }
  });

  it("is a row of lists, each filled up with spaces, the newest first", () => {
    assert.equal(
      fileOf([7, MARK], [8, { ...RENEWED, excused: true }]).trimEnd(),
      "[8,1768478399000,1768479000000,true,true]                       [7,1768478399000,1768479000000,false,false]",
    );
  });

  it("takes a mark that does not say so for one that was not excused", () => {
    const { excused: _, ...unsaid } = MARK;
    assert.deepEqual(findMark(fileOf([7, unsaid]), 7, NOW), MARK);
  });

  it("knows each process's own mark, and none of a process that left none", () => {
    const text = fileOf([7, MARK], [8, RENEWED]);
    assert.deepEqual(
      [7, 8, 9, 70].map((id) => findMark(text, id, NOW)),
      [MARK, RENEWED, undefined, undefined],
    );
  });

  it("holds one mark of each process, the newest", () => {
    const text = fileOf([7, MARK], [8, MARK], [7, RENEWED]);
    assert.deepEqual(findMark(text, 7, NOW), RENEWED);
    assert.equal(text, fileOf([8, MARK], [7, RENEWED]));
  });

  it("believes neither a burst that is over nor one of the future", () => {
    for (const first of [NOW - BURST_MS, NOW + 1]) {
      assert.equal(findMark(fileOf([7, { ...MARK, first }]), 7, NOW), undefined);
    }
  });

  it("remembers forty processes, and forgets the oldest", () => {
    assert.deepEqual(findMark(many(40), 1000, NOW), MARK);
    assert.equal(findMark(many(41), 1000, NOW), undefined);
    assert.deepEqual(findMark(many(41), 1001, NOW), MARK);
  });

  it("forgets nobody for a process that is in it already", () => {
    assert.deepEqual(findMark(addMark(many(40), 1039, RENEWED), 1000, NOW), MARK);
  });

  it("is always as long, so that no rest of an older one stays", () => {
    for (const text of [
      fileOf([7, MARK]),
      many(100),
      addMark("x", 7, MARK),
      addMark(`${many(40)}x`, 7, MARK),
    ]) {
      assert.equal(Buffer.byteLength(text), MARKS_LENGTH);
    }
  });

  it("has room for the longest numbers: a process of Windows, a time with all its digits", () => {
    const longest = { first: NOW, expires: 253_402_300_799_999.97, renewed: false, excused: false };
    assert.deepEqual(findMark(fileOf([4_294_967_295, longest], [7, MARK]), 4_294_967_295, NOW), longest);
  });

  it("stays whole with a number that nobody can have, whose mark is none", () => {
    const text = fileOf(
      [7, MARK],
      [-Number.MAX_VALUE, { ...MARK, expires: -Number.MAX_VALUE, first: -Number.MAX_VALUE }],
    );
    assert.equal(text.length, MARKS_LENGTH);
    assert.equal(findMark(text, -Number.MAX_VALUE, NOW), undefined);
    assert.deepEqual(findMark(text, 7, NOW), MARK);
  });

  it("holds no mark whose writing stopped before its end", () => {
    const text = fileOf([7, MARK]);
    const whole = text.trimEnd().length;
    for (let length = 0; length <= MARKS_LENGTH; length += 1) {
      const found = findMark(text.slice(0, length), 7, NOW);
      assert.deepEqual(found, length < whole ? undefined : MARK, `${length} characters`);
    }
  });

  it("still has a process's mark, wherever another's writing of it stopped", () => {
    const before = fileOf([7, RENEWED], [8, MARK]);
    const after = addMark(before, 9, { ...MARK, expires: NOW + 700_000 });
    for (let length = 0; length <= MARKS_LENGTH; length += 1) {
      const torn = after.slice(0, length) + before.slice(length);
      const found = findMark(torn, 7, NOW);
      // Between the two it may be seen as half of each: then it counts for nothing, or as it is.
      if (found !== undefined)
        assert.deepEqual([found.first, found.expires], [RENEWED.first, RENEWED.expires]);
    }
  });

  const strange = {
    "an empty file": "",
    "no list": `{"0":7,"1":${NOW}}`,
    "only a process": "[7]",
    "a time as text": JSON.stringify([7, String(NOW), MARK.expires, false, false]),
    "a mark that names no token": JSON.stringify([7, MARK.first, null, false, false]),
    "a mark that does not say whether it was renewed": JSON.stringify([7, MARK.first, MARK.expires]),
    "a mark that does not say whether it was excused": JSON.stringify([7, MARK.first, MARK.expires, true]),
    "a mark that begins where none does": ` ${JSON.stringify([7, MARK.first, MARK.expires, false, false])}`,
    "a mark that runs into the next": JSON.stringify([
      7,
      MARK.first,
      MARK.expires,
      false,
      false,
      "x".repeat(64),
    ]),
  };
  for (const [what, text] of Object.entries(strange)) {
    it(`holds no mark where there is ${what}`, () => {
      assert.equal(findMark(text.padEnd(MARKS_LENGTH), 7, NOW), undefined);
    });
  }
});
