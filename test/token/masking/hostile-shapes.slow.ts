import assert from "node:assert/strict";
import { maskText } from "../../../token/masking/mask-text.ts";

const SIZE = 128 * 1024;
/** Many times what any of these takes, on a slow machine; in quadratic time each takes minutes, or all memory. */
const MAX_CPU_MS = 5000;

/** Texts whose every line could be read again for each name in them. */
const SHAPES: Readonly<Record<string, (repeated: (text: string) => string) => string>> = {
  "names in comments": (repeated) => repeated("# token:\n"),
  "names in comments of lists": (repeated) => repeated("# tokens:\n#  - a\n"),
  "names in the comments of one list": (repeated) => `tokens:\n${repeated("  - a\n  # token:\n")}`,
  "anchors of lists that do not end": (repeated) => `${repeated("&a [")}token: *a`,
  "anchors in one line": (repeated) => `${repeated("&a ")}\ntoken: *a\n`,
  "Secrets in quotations": (repeated) => repeated('> kind: Secret\n> data: {"a": "b",\n'),
  "Secrets in comments of different kinds": (repeated) => repeated("# kind: Secret\n// data:\n> a: b\n"),
  "defaults that do not end": (repeated) => repeated("token=${A:-"),
};

describe("the time that masking takes", function () {
  this.timeout(60_000);
  for (const [name, shape] of Object.entries(SHAPES))
    it(`grows with the size of ${name}`, () => {
      const text = shape((part) => part.repeat(SIZE / part.length));
      const before = process.cpuUsage();
      maskText(text);
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1000 < MAX_CPU_MS, `${(user + system) / 1000} ms`);
    });
});
