import assert from "node:assert/strict";
import { nonceBox } from "../../../token/vouch/nonce-box.ts";

describe("nonceBox", () => {
  it("is empty at first", () => {
    assert.equal(nonceBox({ reusable: true }).take(), undefined);
  });

  it("gives the newest", () => {
    const box = nonceBox({ reusable: true });
    box.offer("one");
    box.offer("two");
    assert.deepEqual([box.take(), box.take()], ["two", "two"]);
  });

  it("gives a single-use one once", () => {
    const box = nonceBox({ reusable: false });
    box.offer("one");
    assert.deepEqual([box.take(), box.take()], ["one", undefined]);
  });

  for (const bad of [undefined, "", 'a"b', "a\\b", "a b", "a\nb", "é", "x".repeat(513), ["one", "two"]]) {
    it(`takes no notice of ${JSON.stringify(bad)?.slice(0, 20)}`, () => {
      const box = nonceBox({ reusable: true });
      box.offer("good");
      box.offer(bad);
      assert.equal(box.take(), "good");
    });
  }
});
