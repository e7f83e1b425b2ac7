import assert from "node:assert/strict";
import { applyPatch } from "../../../lab/kube/api/patch.ts";

const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";

function patched(target: unknown, type: string, patch: unknown): unknown {
  return applyPatch(target, type, JSON.stringify(patch));
}

describe("a merge patch", () => {
  /** Origin: RFC 7386, appendix A. */
  const vectors: readonly [target: unknown, patch: unknown, result: unknown][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of vectors) {
    it(`makes ${JSON.stringify(result)} of ${JSON.stringify(target)} by ${JSON.stringify(patch)}`, () => {
      assert.deepEqual(patched(target, MERGE, patch), result);
    });
  }
});

describe("a strategic merge patch", () => {
  const pod = { containers: [{ name: "a", image: "1" }, { name: "b" }], args: ["x"] };

  it("merges lists by name, and others whole", () => {
    const patch = { containers: [{ name: "a", tty: true }, { name: "c" }], args: ["y"] };
    assert.deepEqual(patched(pod, STRATEGIC, patch), {
      containers: [{ name: "a", image: "1", tty: true }, { name: "b" }, { name: "c" }],
      args: ["y"],
    });
  });

  it("obeys delete and replace, and drops what only orders", () => {
    const patch = {
      "$setElementOrder/containers": [{ name: "b" }],
      containers: [{ name: "a", $patch: "delete" }],
      extra: { $patch: "replace", a: 1 },
    };
    assert.deepEqual(patched({ ...pod, extra: { b: 2 } }, STRATEGIC, patch), {
      containers: [{ name: "b" }],
      args: ["x"],
      extra: { a: 1 },
    });
  });
});

describe("a patch of another type", () => {
  it("is refused", () => assert.throws(() => patched({}, "text/plain", {}), { code: 415 }));
});
