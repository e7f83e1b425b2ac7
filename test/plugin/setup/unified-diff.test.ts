import assert from "node:assert/strict";
import { unifiedDiff } from "../../../plugin/setup/unified-diff.ts";

const diff = (before: string | undefined, after: string, mask = (text: string) => text) =>
  unifiedDiff({ path: "/kc", before, after, mask });
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join("");

// Expected texts are those of GNU diffutils 3.10, `diff -u`, without the times and with counts of one written out.
describe("unifiedDiff", () => {
  it("says nothing when nothing differs", () => assert.equal(diff("a\n", "a\n"), ""));

  it("shows a new file", () => {
    assert.equal(diff(undefined, "a\nb\n"), "--- /dev/null\n+++ /kc\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  });

  it("shows three lines around a change", () => {
    assert.equal(
      diff(numbered(1, 9), numbered(1, 9).replace("5", "five")),
      "--- /kc\n+++ /kc\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
  });

  it("joins changes that are near, and parts those that are not", () => {
    const near = numbered(1, 20).replace("5\n", "").replace("11\n", "11\nx\n");
    assert.equal(
      diff(numbered(1, 20), near)
        .match(/^@@.*@@$/gm)
        ?.join(),
      "@@ -2,13 +2,13 @@",
    );
    const far = numbered(1, 20).replace("5\n", "").replace("13\n", "13\nx\n");
    assert.equal(
      diff(numbered(1, 20), far)
        .match(/^@@.*@@$/gm)
        ?.join(),
      "@@ -2,7 +2,6 @@,@@ -11,6 +10,7 @@",
    );
  });

  it("says when the last line is not ended", () => {
    assert.equal(
      diff("a", "a\nb\n"),
      "--- /kc\n+++ /kc\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n",
    );
  });

  it("shows the masked text, and finds a difference between two secrets", () => {
    const mask = (text: string) => text.replaceAll(/token: .*/g, "token: ***");
    assert.equal(
      diff("token: a\n", "token: b\n", mask),
      "--- /kc\n+++ /kc\n@@ -1,1 +1,1 @@\n-token: ***\n+token: ***\n",
    );
  });

  it("lets no file steer the terminal", () => {
    assert.equal(diff("", "a\u001b[2J\tb\r\n"), "--- /kc\n+++ /kc\n@@ -0,0 +1,1 @@\n+a\ufffd[2J\tb\r\n");
  });
});

describe("unifiedDiff of long files", () => {
  it("shows the few new lines of a very long one", () => {
    const old = Array.from({ length: 20_000 }, (_, index) =>
      index % 5 === 0 ? "- cluster:\n" : `line ${index}\n`,
    );
    const changed = [
      ...old.slice(0, 100),
      "new 1\n",
      ...old.slice(100, 15_000),
      "new 2\n",
      ...old.slice(15_000),
    ];
    const lines = diff(old.join(""), changed.join("")).split("\n");
    assert.deepEqual(
      lines.filter((line) => /^(?:@@|\+new|-)/.test(line)),
      ["--- /kc", "@@ -98,6 +98,7 @@", "+new 1", "@@ -14998,6 +14999,7 @@", "+new 2"],
    );
  });
});
