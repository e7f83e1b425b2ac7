import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { PLATFORMS } from "../../krew/platforms.ts";
import { ReleaseError } from "../../krew/run.ts";
import { type Download, fetchPackage, fetchRuntime, type Lockfile } from "../../krew/runtimes.ts";
import { tarBytes } from "../support/tar-bytes.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PACKAGE = gzipSync(
  tarBytes([
    { name: "package/package.json", content: "{}" },
    { name: "package/bin/node", content: "program", mode: 0o755 },
    { name: "package/LICENSE", content: "licences" },
  ]),
);
const FOR_WINDOWS = gzipSync(tarBytes([{ name: "package/bin/node.exe", content: "program" }]));

const locked = (bytes: Buffer): Lockfile => ({
  packages: {
    "node_modules/node-x": { version: "1.2.3", integrity: `sha512-${hash("sha512", bytes, "base64")}` },
  },
});

describe("the Node of a target", () => {
  const folder = tempFolder();
  /** A registry that has one package, and counts how often it is asked. */
  const registry = (bytes: Buffer) => {
    const asked: string[] = [];
    const download: Download = async (spec, into) => {
      asked.push(spec);
      fs.writeFileSync(path.join(into, "whatever.tgz"), bytes);
    };
    return { asked, download };
  };
  const unasked: Download = async () => assert.fail("this test did not expect a download");
  const cached = () => path.join(folder(), "cache", "node-x-1.2.3.tgz");
  const fetch = (lock: Lockfile, download: Download) =>
    fetchRuntime("node-x", { cache: path.join(folder(), "cache"), lock, download });

  it("is fetched once, and kept", async () => {
    const { asked, download } = registry(PACKAGE);
    const expected = { node: Buffer.from("program"), licence: "licences" };
    assert.deepEqual(await fetch(locked(PACKAGE), download), expected);
    assert.deepEqual(await fetch(locked(PACKAGE), unasked), expected);
    assert.deepEqual(asked, ["node-x@1.2.3"]);
    assert.deepEqual(fs.readdirSync(path.dirname(cached())), ["node-x-1.2.3.tgz"]);
  });

  it("may be without licences", async () => {
    const { download } = registry(FOR_WINDOWS);
    assert.deepEqual(await fetch(locked(FOR_WINDOWS), download), {
      node: Buffer.from("program"),
      licence: undefined,
    });
  });

  it("is fetched again when what was kept has other bytes", async () => {
    fs.mkdirSync(path.dirname(cached()));
    fs.writeFileSync(cached(), PACKAGE.subarray(0, -1));
    const { asked, download } = registry(PACKAGE);
    await fetch(locked(PACKAGE), download);
    assert.deepEqual(asked, ["node-x@1.2.3"]);
    assert.deepEqual(fs.readFileSync(cached()), PACKAGE);
  });

  it("is refused, and not kept, when it is not the package that is pinned", async () => {
    const { download } = registry(FOR_WINDOWS);
    await assert.rejects(fetch(locked(PACKAGE), download), (error: Error) => {
      assert.ok(error instanceof ReleaseError);
      const { integrity } = locked(PACKAGE).packages["node_modules/node-x"] ?? {};
      const got = locked(FOR_WINDOWS).packages["node_modules/node-x"]?.integrity;
      assert.equal(
        error.message.split("\nFind")[0],
        `node-x@1.2.3 is not the package that package-lock.json pins.\nexpected ${integrity}\ngot      ${got}`,
      );
      return true;
    });
    assert.deepEqual(fs.readdirSync(path.dirname(cached())), []);
  });

  const unpinned: [string, Lockfile][] = [
    ["not there", { packages: {} }],
    ["without a hash", { packages: { "node_modules/node-x": { version: "1.2.3" } } }],
    ["by a weak hash", { packages: { "node_modules/node-x": { version: "1.2.3", integrity: "sha1-x" } } }],
  ];
  for (const [name, lock] of unpinned) {
    it(`is refused when the lock has it ${name}`, async () => {
      await assert.rejects(fetch(lock, unasked), /package-lock.json does not pin node-x by a SHA-512/);
    });
  }

  it("is refused when npm gives nothing, or no Node", async () => {
    const other = gzipSync(tarBytes([{ name: "package/index.js", content: "x" }]));
    await assert.rejects(
      fetch(locked(PACKAGE), async () => undefined),
      /npm returned nothing for node-x@1.2.3/,
    );
    await assert.rejects(fetch(locked(other), registry(other).download), /node-x does not contain bin\/node/);
  });

  it("is fetched as any other package is, also of a scope", async () => {
    const integrity = locked(PACKAGE).packages["node_modules/node-x"]?.integrity ?? "";
    const lock = { packages: { "node_modules/@a/b": { version: "1.0.0", integrity } } };
    const { download } = registry(PACKAGE);
    const files = await fetchPackage("@a/b", { cache: folder(), lock, download });
    assert.deepEqual(
      files.map(({ name }) => name),
      ["package/package.json", "package/bin/node", "package/LICENSE"],
    );
    assert.deepEqual(fs.readdirSync(folder()), ["a-b-1.0.0.tgz"]);
  });

  it("is pinned for all six targets", () => {
    const { packages } = JSON.parse(
      fs.readFileSync(path.resolve(import.meta.dirname, "../../package-lock.json"), "utf8"),
    ) as Lockfile;
    for (const { runtime } of PLATFORMS) {
      assert.equal(packages[`node_modules/${runtime}`]?.version, process.versions.node, runtime);
      assert.match(packages[`node_modules/${runtime}`]?.integrity ?? "", /^sha512-/, runtime);
    }
  });
});
