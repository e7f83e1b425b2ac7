import assert from "node:assert/strict";
import { BURST_MS, readMark } from "../../../token/hot/mark.ts";

describe("readMark", () => {
  const now = Date.parse("2026-01-15T12:00:00Z");
  const mark = { first: now - 1000, expires: now + 600_000, renewed: false };
  const text = (change: object) => JSON.stringify({ ...mark, ...change });

  it("gives back what was left a moment ago", () => {
    assert.deepEqual(readMark(text({}), now), mark);
    assert.deepEqual(readMark(text({ first: now }), now), { ...mark, first: now });
    assert.deepEqual(readMark(text({ first: now - BURST_MS + 1 }), now), {
      ...mark,
      first: now - BURST_MS + 1,
    });
  });

  const strange = {
    "one that is too old": text({ first: now - BURST_MS }),
    "one of the future": text({ first: now + 1 }),
    "one without a time": text({ first: undefined }),
    "one with a time as text": text({ first: "1" }),
    "one that names no token": text({ expires: undefined }),
    "one that does not say whether it was renewed": text({ renewed: undefined }),
    null: "null",
    "half a file": text({}).slice(0, 20),
    "an empty file": "",
    "no file": undefined,
  };
  for (const [what, content] of Object.entries(strange)) {
    it(`takes ${what} for none`, () => {
      assert.equal(readMark(content, now), undefined);
    });
  }
});
