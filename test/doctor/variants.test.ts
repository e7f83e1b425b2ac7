import assert from "node:assert/strict";
import { findCause } from "../../doctor/causes/index.ts";
import { placeOf, placesOf, REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND } from "../support/few-rights.ts";
import { VARIANTS } from "./support/variants.ts";

describe("what the doctor says to cases that people put together", () => {
  it("has at least forty of them", () => {
    assert.ok(VARIANTS.length >= 40);
  });

  for (const { name, row, bundle } of VARIANTS) {
    it(`is right about ${name}`, () => {
      assert.ok(findCause(row), row);
      assert.equal(placeOf(row, bundle), "first");
    });
  }

  for (const [who, refused] of Object.entries({
    "an ordinary developer's rights": REFUSED_TO_DEVELOPERS,
    "no rights in AWS": REFUSED_TO_THE_BLIND,
  })) {
    it(`is right first in two of three with ${who}, among five in 95 of 100, and never wrong and certain`, () => {
      const { names, share } = placesOf(VARIANTS, refused);
      assert.deepEqual(names("wrong and certain"), []);
      assert.ok(share("first") > 2 / 3, `ranked: ${names("ranked").join("; ")}`);
      assert.ok(share("first", "ranked") >= 0.95, [...names("wrong"), ...names("unknown")].join("; "));
    });
  }
});
