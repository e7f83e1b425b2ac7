import assert from "node:assert/strict";
import { isPrintable, shown, shownLines } from "../../../token/text/printable.ts";

/** Every character that steers a terminal, turns or hides text, with what it stands for. */
const HIDDEN: readonly number[] = Array.from({ length: 0x11_0000 }, (_, code) => code).filter((code) =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/u.test(String.fromCodePoint(code)),
);

describe("texts of others on a terminal", () => {
  it("show each control, format and hidden character by its number, and JSON.parse gives it back", () => {
    assert.ok(
      HIDDEN.length > 2000 &&
        [0x1b, 0x9b, 0x7f, 0x202e, 0x2066, 0xad, 0xe0041].every((code) => HIDDEN.includes(code)),
    );
    for (const code of HIDDEN) {
      const sign = String.fromCodePoint(code);
      const text = shown(`a${sign}b`);
      assert.equal(isPrintable(`a${sign}b`), false);
      assert.match(text, /^a(?:\\u[0-9a-f]{4}){1,2}b$/);
      assert.equal(JSON.parse(`"${text}"`), `a${sign}b`);
    }
  });

  it("leave everything else alone, whatever the language", () => {
    const text = "Ada Łovelace, Grüße, 漢字, עברית, العربية, हिन्दी, ✗ … “x” 🙂 \u{1f1e9}";
    assert.deepEqual([isPrintable(text), shown(text), shownLines(text)], [true, text, text]);
  });

  it("keep tabs and ends of lines where there may be several lines", () => {
    assert.equal(shown("a\tb\r\nc\n"), "a\\u0009b\\u000d\\u000ac\\u000a");
    assert.equal(shownLines("a\tb\r\nc\rd\n\u001b[2J"), "a\tb\r\nc\\u000dd\n\\u001b[2J");
  });

  it("leave JSON that says the same", () => {
    const value = { name: "a\u009b2J\u202egnp\u2028\u{e0041}", key: { "\u200b": ["\u001b", "\u007f"] } };
    const text = shownLines(`${JSON.stringify(value, null, 2)}\n`);
    assert.deepEqual(JSON.parse(text), value);
    assert.ok(text.split("\n").every(isPrintable));
  });
});
