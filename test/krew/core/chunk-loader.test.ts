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
  const load = chunkLoader({
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
  return { load, asked, scripts };
}

describe("the core's chunk loader", () => {
  const folder = tempFolder();

  it("runs a chunk once, when it is first asked for", () => {
    const { load, asked } = loaderOf({
      "a.mjs": 'exports.lazy = () => require("./b.mjs"); exports.id = Symbol();',
      "b.mjs": 'exports.same = require("./a.mjs");',
    });
    const a = load("./a.mjs") as { lazy(): { same: unknown } };
    assert.deepEqual(asked, ["a.mjs"]);
    assert.equal(a.lazy().same, a);
    assert.equal(a.lazy(), a.lazy());
    assert.equal(load("./a.mjs"), a);
    assert.deepEqual(asked, ["a.mjs", "b.mjs"]);
  });

  it("gives what a chunk puts in the place of its exports", () => {
    assert.equal(loaderOf({ "a.mjs": "module.exports = 7;" }).load("./a.mjs"), 7);
  });

  it("gives a chunk in a circle what the other has exported so far", () => {
    const { load } = loaderOf({
      "a.mjs": 'exports.early = 1; exports.b = require("./b.mjs"); exports.late = 2;',
      "b.mjs": 'const a = require("./a.mjs"); exports.seen = Object.keys(a); exports.later = () => a.late;',
    });
    const { b } = load("./a.mjs") as { b: { seen: string[]; later(): number } };
    assert.deepEqual(b.seen, ["early"]);
    assert.equal(b.later(), 2);
  });

  it("fails in the same way again where a chunk fails, and gives no half of it", () => {
    const { load } = loaderOf({ "a.mjs": 'exports.half = 1; throw new Error("no library");' });
    assert.throws(() => load("./a.mjs"), /^Error: no library$/);
    assert.throws(() => load("./a.mjs"), /^Error: no library$/);
  });

  it("gives Node's own modules, with and without their prefix", () => {
    const { load } = loaderOf({});
    for (const name of ["fs", "node:fs"]) assert.equal(load(name), fs);
    for (const name of ["fs/promises", "node:fs/promises"]) assert.equal(load(name), fs.promises);
  });

  it("loads an addon once, from its bytes", () => {
    const { load, asked } = loaderOf({});
    const addon = load("addon:hid.node");
    assert.deepEqual(addon, { loadedFrom: "hid.node" });
    assert.equal(load("addon:hid.node"), addon);
    assert.deepEqual(asked, ["hid.node"]);
  });

  it("tells a chunk where the program lies", () => {
    const { load } = loaderOf({ "a.mjs": "exports.url = __moduleUrl;" });
    assert.match((load("./a.mjs") as { url: string }).url, /^file:\/\/\/.*node/);
  });

  it("refuses every file and package, also those that are there", () => {
    const file = path.join(folder(), "outside.cjs");
    fs.writeFileSync(file, "throw new Error('it ran');");
    const { load, asked } = loaderOf({});
    for (const name of [
      file,
      `file://${file}`,
      "yargs",
      "fs/outside",
      "node:nothing",
      "../outside.cjs",
      "",
    ]) {
      assert.throws(() => load(name), new Error(`${name} is not in this program.`));
    }
    assert.deepEqual(asked, []);
  });

  it("takes a relative name for that of a part, never of a file", () => {
    const cwd = process.cwd();
    fs.writeFileSync(path.join(folder(), "chunk-X.mjs"), "throw new Error('it ran');");
    const { load, asked } = loaderOf({});
    process.chdir(folder());
    try {
      assert.throws(() => load("./chunk-X.mjs"), /no such asset: chunk-X\.mjs/);
    } finally {
      process.chdir(cwd);
    }
    assert.deepEqual(asked, ["chunk-X.mjs"]);
  });

  it("keeps letters that are not ASCII, as a regular expression has them", () => {
    const { load } = loaderOf({ "a.mjs": 'exports.plain = (text) => text.replaceAll(/[…–]/g, "-");' });
    assert.equal((load("./a.mjs") as { plain(text: string): string }).plain("â…–"), "â--");
  });

  it("runs without a code cache that is another Node's, and says so", () => {
    const { load, scripts } = loaderOf({ "a.mjs": "exports.sum = 3;" }, { "a.mjs": Buffer.alloc(1000, 1) });
    assert.deepEqual(load("./a.mjs"), { sum: 3 });
    assert.equal(scripts.get("a.mjs")?.cachedDataRejected, true);
  });
});
