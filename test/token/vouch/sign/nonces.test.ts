import assert from "node:assert/strict";
import { nonceBox, UUID_RANDOM_BYTES, uuidText, uuidV7 } from "../../../../token/vouch/sign/nonces.ts";

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

describe("uuidV7", () => {
  it("gives the example of RFC 9562, appendix A.6", () => {
    // 017F22E2-79B0-7CC3-98C4-DC0C0C07398F: time 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    const random = Buffer.from("0cc398c4dc0c0c07398f", "hex");
    assert.equal(uuidV7(0x017f22e279b0, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  for (const byte of [0x00, 0xff]) {
    it(`sets version and variant over random bytes ${byte}`, () => {
      const text = uuidV7(1_700_000_000_000, Buffer.alloc(UUID_RANDOM_BYTES, byte));
      assert.match(text, /^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });
  }
});

describe("uuidText", () => {
  it("spells sixteen bytes", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    assert.equal(uuidText(bytes), "00010203-0405-0607-0809-0a0b0c0d0e0f");
  });
});
