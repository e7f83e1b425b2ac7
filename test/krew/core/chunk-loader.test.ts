import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Script } from "node:vm";
import { chunkLoader } from "../../../krew/core/chunk-loader.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** A loader of these chunks, and what it asked for. */
function loaderOf(chunks: Readonly<Record<string, string>>, caches: Readonly<Record<string, Buffer>> = {}) {
  const asked: string[] = [];
  const scripts = new Map<string, Script>();
  const require = chunkLoader({
    parts: {
      source: (name) => {
        asked.push(name);
        return chunks[name] ?? assert.fail(`no such asset: ${name}`);
      },
      codeCache: (name) => caches[name],
      addon: (name) => {
        asked.push(name);
        return Buffer.from(name);
      },
    },
    loadAddon: (bytes) => ({ loadedFrom: bytes.toString() }),
    compiled: (name, script) => void scripts.set(name, script),
  });
  return { require, asked, scripts };
}

describe("the core's chunk loader", () => {
  const folder = tempFolder();

  it("runs a chunk once, when it is first asked for", () => {
    const { require, asked } = loaderOf({
      "a.mjs": 'exports.lazy = () => require("./b.mjs"); exports.id = Symbol();',
      "b.mjs": 'exports.same = require("./a.mjs");',
    });
    const a = require("./a.mjs") as { lazy(): { same: unknown } };
    assert.deepEqual(asked, ["a.mjs"]);
    assert.equal(a.lazy().same, a);
    assert.equal(a.lazy(), a.lazy());
    assert.equal(require("./a.mjs"), a);
    assert.deepEqual(asked, ["a.mjs", "b.mjs"]);
  });

  it("gives what a chunk puts in the place of its exports", () => {
    assert.equal(loaderOf({ "a.mjs": "module.exports = 7;" }).require("./a.mjs"), 7);
  });

  it("gives a chunk in a circle what the other has exported so far", () => {
    const { require } = loaderOf({
      "a.mjs": 'exports.early = 1; exports.b = require("./b.mjs"); exports.late = 2;',
      "b.mjs": 'const a = require("./a.mjs"); exports.seen = Object.keys(a); exports.later = () => a.late;',
    });
    const { b } = require("./a.mjs") as { b: { seen: string[]; later(): number } };
    assert.deepEqual(b.seen, ["early"]);
    assert.equal(b.later(), 2);
  });

  it("fails in the same way again where a chunk fails, and gives no half of it", () => {
    const { require } = loaderOf({ "a.mjs": 'exports.half = 1; throw new Error("no library");' });
    assert.throws(() => require("./a.mjs"), /^Error: no library$/);
    assert.throws(() => require("./a.mjs"), /^Error: no library$/);
  });

  it("gives Node's own modules, with and without their prefix", () => {
    const { require } = loaderOf({});
    for (const name of ["fs", "node:fs"]) assert.equal(require(name), fs);
    for (const name of ["fs/promises", "node:fs/promises"]) assert.equal(require(name), fs.promises);
  });

  it("loads an addon once, from its bytes", () => {
    const { require, asked } = loaderOf({});
    const addon = require("addon:hid.node");
    assert.deepEqual(addon, { loadedFrom: "hid.node" });
    assert.equal(require("addon:hid.node"), addon);
    assert.deepEqual(asked, ["hid.node"]);
  });

  it("tells a chunk where the program lies", () => {
    const { require } = loaderOf({ "a.mjs": "exports.url = __moduleUrl;" });
    assert.match((require("./a.mjs") as { url: string }).url, /^file:\/\/\/.*node/);
  });

  it("refuses every file and package, also those that are there", () => {
    const file = path.join(folder(), "outside.cjs");
    fs.writeFileSync(file, "throw new Error('it ran');");
    const { require, asked } = loaderOf({});
    for (const name of [
      file,
      `file://${file}`,
      "yargs",
      "fs/outside",
      "node:nothing",
      "../outside.cjs",
      "",
    ]) {
      assert.throws(() => require(name), new Error(`${name} is not in this program.`));
    }
    assert.deepEqual(asked, []);
  });

  it("takes a relative name for that of a part, never of a file", () => {
    const cwd = process.cwd();
    fs.writeFileSync(path.join(folder(), "chunk-X.mjs"), "throw new Error('it ran');");
    const { require, asked } = loaderOf({});
    process.chdir(folder());
    try {
      assert.throws(() => require("./chunk-X.mjs"), /no such asset: chunk-X\.mjs/);
    } finally {
      process.chdir(cwd);
    }
    assert.deepEqual(asked, ["chunk-X.mjs"]);
  });

  it("keeps letters that are not ASCII, as a regular expression has them", () => {
    const { require } = loaderOf({ "a.mjs": 'exports.plain = (text) => text.replaceAll(/[…–]/g, "-");' });
    assert.equal((require("./a.mjs") as { plain(text: string): string }).plain("â…–"), "â--");
  });

  it("runs without a code cache that is another Node's, and says so", () => {
    const { require, scripts } = loaderOf(
      { "a.mjs": "exports.sum = 3;" },
      { "a.mjs": Buffer.alloc(1000, 1) },
    );
    assert.deepEqual(require("./a.mjs"), { sum: 3 });
    assert.equal(scripts.get("a.mjs")?.cachedDataRejected, true);
  });
});
