import assert from "node:assert/strict";
import { listsFor } from "../../../token/fido2/exclude-list.ts";
import { keyInfo } from "../../../token/fido2/key-info.ts";

const id = (size: number) => Buffer.alloc(size, size);
const sizes = (ids: readonly Uint8Array[], members: readonly [number, number][]) =>
  listsFor(ids, keyInfo(new Map(members))).map((list) => list.map(({ length }) => length));

describe("the lists of credentials a key is asked about", () => {
  it("leave out ids that are too long for it", () => {
    assert.deepEqual(
      sizes(
        [id(16), id(65), id(64)],
        [
          [0x07, 8],
          [0x08, 64],
        ],
      ),
      [[16, 64]],
    );
  });

  it("hold no more than it takes, and one when it does not say", () => {
    const ids = [id(16), id(17), id(18)];
    assert.deepEqual(sizes(ids, [[0x07, 2]]), [[16, 17], [18]]);
    assert.deepEqual(sizes(ids, []), [[16], [17], [18]]);
  });

  it("fit into its longest message, of 1024 bytes when it does not say", () => {
    const ids = Array.from({ length: 8 }, () => id(128));
    assert.deepEqual(
      sizes(ids, [[0x07, 8]]).map(({ length }) => length),
      [3, 3, 2],
    );
    assert.deepEqual(
      sizes(ids, [
        [0x07, 8],
        [0x05, 2048],
      ]).map(({ length }) => length),
      [8],
    );
  });

  it("are none for a person without credentials", () => {
    assert.deepEqual(sizes([], [[0x07, 8]]), []);
  });
});
