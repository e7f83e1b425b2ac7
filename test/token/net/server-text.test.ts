import assert from "node:assert/strict";
import { serverLabel, serverName, serverText } from "../../../token/net/server-text.ts";

describe("serverText", () => {
  const ESC = String.fromCharCode(27);
  const shown: readonly [text: string | undefined, shown: string | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    [" \r\n\t ", undefined],
    ["the state has expired", "the state has expired"],
    ["two\r\nlines\tand tabs", "two lines and tabs"],
    [`${ESC}[31mred${ESC}[0m`, "[31mred [0m"],
    ["\u202egnp.exe \u200bhidden\u2066", "gnp.exe hidden"],
    ["\u0085\u009b31m", "31m"],
    ["hid\u{e0100}den \u3164x", "hid den x"],
    ["grüße, 鍵", "grüße, 鍵"],
    [`token eyJhbGciOiJFUzI1NiJ9.${"CANARY".repeat(5)}.sig refused`, "token … refused"],
    [`a ${"b".repeat(39)} c`, `a ${"b".repeat(39)} c`],
    [`a ${"b".repeat(40)} c`, "a … c"],
  ];
  for (const [text, expected] of shown) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(serverText(text), expected);
    });
  }

  it("is short", () => {
    assert.equal(serverText("word ".repeat(100)), `${"word ".repeat(40)}…`);
    assert.equal(serverText(`x${"🔑 ".repeat(100)}`), `x${"🔑 ".repeat(66)}…`);
  });
});

describe("serverLabel", () => {
  it("is a server's text that may look like a secret", () => {
    const name = "acme-production-shared-services-eu-central-1-a";
    assert.deepEqual([serverLabel(name), serverText(name)], [name, "…"]);
    assert.equal(serverLabel(" \u001b[31mProd\r\n\u202e(EU)\u0007 "), "[31mProd (EU)");
    assert.equal(serverLabel("\u200b\n"), undefined);
  });
});

describe("serverName", () => {
  for (const name of ["ada@example.com", "a".repeat(320), "ädä@example.com"]) {
    it(`accepts ${name.slice(0, 20)}`, () => {
      assert.equal(serverName(name), name);
    });
  }
  for (const name of [undefined, null, 7, "", "a b", "a\nb", "a\u001b[2Jb", "a\u202eb", "a".repeat(321)]) {
    it(`refuses ${JSON.stringify(name)?.slice(0, 20)}`, () => {
      assert.equal(serverName(name), undefined);
    });
  }
});
