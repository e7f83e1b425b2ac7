import assert from "node:assert/strict";
import { verdictOn } from "./ambiguity.ts";
import { patternsIn } from "./patterns-in.ts";

/** Patterns that once stood in the program, or are known from books, and how their time grows. */
const SLOW: readonly (readonly [RegExp, "exponential" | "polynomial"])[] = [
  [/(a+)+$/, "exponential"],
  [/(?:a|a)*b/, "exponential"],
  [/^(?:x(?:a?|b?))*$/, "exponential"],
  [/^(?:\w+\s?)*$/, "exponential"],
  [/x(?:a*)*y/, "exponential"],
  [/\s+$/, "polynomial"],
  [/^\s*(.*)\s*$/, "polynomial"],
  [/^([^=]+?)\s*=\s*(.*)$/, "polynomial"],
  [/(?:^|\s)[#;].*$/, "polynomial"],
  [/\\+(["'])/, "polynomial"],
  [/\S+ is not logged in to \S+/, "polynomial"],
  [/(?<corrupt>\S+) is (?:a corrupt|not a valid) kubeconfig/, "polynomial"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/, "polynomial"],
  [
    /\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic)?\s*|bearer\s+)(?!\*)[\w.~+/=-]{12,}/gi,
    "polynomial",
  ],
  [/^[^\S\n]*#?\s*(?:-\s+)?token\s*[:=]\s*\S.*$/gim, "polynomial"],
  [/SignatureDoesNotMatch(?!.*Signature expired)/, "polynomial"],
  [/User "[^"]*" (?:\(groups=.*?\) )?is attempting/, "polynomial"],
  [/fork\/exec (?<path>.+?): no such file/, "polynomial"],
  [/a(?:\w*b)?/g, "polynomial"],
];

const FAST: readonly RegExp[] = [
  /^\s+/,
  /\w+/g,
  /(?<![\w-])[\w-]+=/,
  /\b\w+\b/,
  /(?<!\/)\/+$/,
  /dial tcp \S+ i\/o timeout/,
  /"[^"\n]*"/g,
  /^(?:[a-z]+\.)+[a-z]+$/,
  /User "[^"]*" \(groups=[^()]*\) is attempting/,
  /\bx{1,200}y/,
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
];

/** The least of some times that something takes of the processor, in microseconds: others may use it too. */
function quickest(work: () => void): number {
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    work();
    return process.cpuUsage(start).user;
  });
  return Math.min(...times);
}

describe("the checker of regular expressions", () => {
  for (const [pattern, growth] of SLOW) {
    it(`finds ${pattern} ${growth}`, () => {
      const verdict = verdictOn(pattern.source, pattern.flags);
      assert.equal(typeof verdict === "object" && "growth" in verdict ? verdict.growth : verdict, growth);
    });
  }

  it("shows a text that makes the engine slow: four times as long, more than six times the time", () => {
    for (const pattern of [/\s+$/, /\S+ is not logged in to \S+/, /fork\/exec (?<path>.+?): no such file/]) {
      const verdict = verdictOn(pattern.source, pattern.flags);
      assert.ok(typeof verdict === "object" && "pump" in verdict);
      const { prefix, pump } = verdict;
      const grown = ["", "\0", "\n"].map((end) => {
        const time = (length: number) =>
          quickest(() => `${prefix}${pump.repeat(length / pump.length)}${end}`.match(pattern));
        return time(4800) / time(1200);
      });
      assert.ok(Math.max(...grown) > 6, `${pattern}: ${grown}`);
    }
  });

  for (const pattern of FAST) {
    it(`finds ${pattern} linear`, () => {
      assert.equal(verdictOn(pattern.source, pattern.flags), "linear");
    });
  }

  it("does not guess at what depends on an earlier part, or looks back without end", () => {
    for (const pattern of [/^(["'])(.+)\1$/, /(?<=a+)b/]) {
      const verdict = verdictOn(pattern.source, pattern.flags);
      assert.ok(typeof verdict === "object" && "undecided" in verdict);
    }
  });
});

describe("the search for regular expressions in sources", () => {
  it("finds literals, and those made of constants", () => {
    const text = [
      'const NAME = "[a-z]+";',
      "const a = /x/gi;",
      "const b = new RegExp('^' + NAME + '$', 'm');",
      'const c = RegExp(["one", "two"].join("|") + String.fromCharCode(27));',
    ].join("\n");
    assert.deepEqual(patternsIn("x.ts", text), [
      { line: 2, source: "x", flags: "gi" },
      { line: 3, source: "^[a-z]+$", flags: "m" },
      { line: 4, source: "one|two\u001b", flags: "" },
    ]);
  });

  it("tells those that are built when the program runs", () => {
    assert.deepEqual(patternsIn("x.ts", "export const f = (name: string) =>\n  new RegExp(name);"), [
      { line: 2, built: "new RegExp(name)" },
    ]);
  });
});
