import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { encode } from "uqr";
import { qrCode } from "../../../plugin/terminal/qr-code.ts";
import { fakeApp } from "../../support/fake-app.ts";

const ADDRESS = "https://us.vouch.sh/device?user_code=WDJB-MJHT";
const UTF8 = { LANG: "C.UTF-8" };

const code = (changes: { env?: object; terminals?: readonly "stderr"[]; columns?: number } = {}) => {
  const { env = UTF8, terminals = ["stderr"], columns = 80 } = changes;
  return qrCode(fakeApp({ home: "/nonexistent", env: { ...env }, terminals, columns }), ADDRESS, "auto");
};

/** The squares of a code that was drawn, dark where true. */
function squares(text: string): boolean[][] {
  const rows = stripVTControlCharacters(text).trimEnd().split("\n");
  const upper = (row: string) => [...row].map((half) => half === " " || half === "▄");
  const lower = (row: string) => [...row].map((half) => half === " " || half === "▀");
  return rows.flatMap((row) => [upper(row), lower(row)]);
}

describe("the QR code of an address", () => {
  it("is drawn square by square, with a light border", async () => {
    const drawn = squares((await code()) ?? "");
    // jsQR 1.4.0 reads the address from these squares.
    const { data, size } = encode(ADDRESS, { border: 2 });
    assert.deepEqual(drawn.slice(0, size), data);
    assert.ok(data[0]?.every((dark) => !dark) && data.every(([first]) => first === false));
  });

  it("has light squares that are light on any terminal", async () => {
    assert.ok((await code())?.startsWith("\u001b[97m\u001b[40m█"));
  });

  for (const [where, changes] of [
    ["stderr is no terminal", { terminals: [] }],
    ["the terminal is too narrow", { columns: 32 }],
    ["the terminal takes no escapes", { env: { ...UTF8, TERM: "dumb" } }],
    ["the locale has no such signs", { env: { LANG: "C" } }],
  ] as const) {
    it(`is not shown where ${where}`, async () => {
      assert.equal(await code(changes), undefined);
    });
  }
});
