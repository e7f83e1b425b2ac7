import assert from "node:assert/strict";
import { applyPatch } from "../../../lab/kube/api/patch.ts";

const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";
const JSON_PATCH = "application/json-patch+json";

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

describe("a JSON patch", () => {
  /** Origin: RFC 6902, appendix A. */
  const vectors: readonly [name: string, target: unknown, patch: unknown[], result: unknown][] = [
    ["A.1", { foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { baz: "qux", foo: "bar" }],
    [
      "A.2",
      { foo: ["bar", "baz"] },
      [{ op: "add", path: "/foo/1", value: "qux" }],
      { foo: ["bar", "qux", "baz"] },
    ],
    ["A.3", { baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
    ["A.4", { foo: ["bar", "qux", "baz"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["bar", "baz"] }],
    ["A.5", { baz: "qux" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo" }],
    [
      "A.6",
      { foo: { bar: "baz", waldo: "fred" }, qux: {} },
      [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
      { foo: { bar: "baz" }, qux: { thud: "fred" } },
    ],
    [
      "A.8",
      { baz: "qux", foo: ["a", 2, "c"] },
      [
        { op: "test", path: "/baz", value: "qux" },
        { op: "test", path: "/foo/1", value: 2 },
      ],
      { baz: "qux", foo: ["a", 2, "c"] },
    ],
    ["A.14", { "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
    ["A.16", { foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc"] }], { foo: ["bar", ["abc"]] }],
  ];
  for (const [name, target, patch, result] of vectors) {
    it(`follows RFC 6902, ${name}`, () => assert.deepEqual(patched(target, JSON_PATCH, patch), result));
  }

  for (const [name, patch] of [
    ["a failing test", { op: "test", path: "/a", value: 2 }],
    ["a path that is not there", { op: "remove", path: "/b/c" }],
    ["a parent that is not there", { op: "add", path: "/b/c", value: 1 }],
    ["an unknown operation", { op: "spoil", path: "/a" }],
  ] as const) {
    it(`is refused for ${name}`, () => {
      assert.throws(() => patched({ a: 1 }, JSON_PATCH, [patch]), { name: "ApiError", code: 422 });
    });
  }
});

describe("a patch of another type", () => {
  it("is refused", () => assert.throws(() => patched({}, "text/plain", {}), { code: 415 }));
});
