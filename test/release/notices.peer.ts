/** What the archives and the bill of materials of the release in KUBECTL_VOUCH_RELEASE say of the work of others. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { keyringPackage } from "../../krew/core/addons.ts";
import { PLATFORMS, platformName } from "../../krew/platforms.ts";
import { readArchive } from "../support/archive/read.ts";
import { releaseFolder } from "../support/shipped-files.ts";

const folder = () => releaseFolder() ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder");

/** The one file whose name ends so. */
function ending(end: string): string {
  const name = fs.readdirSync(folder()).find((one) => one.endsWith(end));
  return path.join(folder(), name ?? assert.fail(`there is no …${end}`));
}

describe("the notices in an archive", () => {
  const launcher = ["quickjs-ng", "zig-runtime"];
  const linked = { linux: [...launcher, "musl"], darwin: launcher, windows: [...launcher, "mingw-w64"] };
  for (const platform of PLATFORMS) {
    it(`name what is compiled into ${platformName(platform)}, and nothing of others`, () => {
      const end = platform.os === "windows" ? "zip" : "tar.gz";
      const files = readArchive(fs.readFileSync(ending(`_${platformName(platform)}.${end}`)));
      const text = files.find(({ name }) => name === "THIRD_PARTY_NOTICES")?.bytes.toString("utf8") ?? "";
      const names = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+ \(.+\)$/gm)].flatMap(([, name]) => name ?? []);
      const ofPlatform = names.filter((name) => /^(?:@napi-rs\/keyring-|quickjs|zig|musl|mingw)/.test(name));
      const keyring = keyringPackage(platform);
      const own = [...(keyring === undefined ? [] : [keyring]), ...linked[platform.os]];
      assert.deepEqual(new Set(ofPlatform), new Set(own));
      for (const name of ["Node.js", "node-hid", "yargs"]) assert.ok(names.includes(name), name);
      assert.equal(/Used by: .*`keyring-core \d/.test(text), keyring !== undefined);
    });
  }
});

describe("the bill of materials", () => {
  it("has what the compiler links of its own", () => {
    const { components } = JSON.parse(fs.readFileSync(ending("_sbom.cdx.json"), "utf8")) as {
      components: readonly { purl: string }[];
    };
    const generic = components.flatMap(({ purl }) => /^pkg:generic\/(.*)@/.exec(purl)?.[1] ?? []);
    assert.deepEqual(generic, ["mingw-w64", "musl", "quickjs-ng", "zig-runtime"]);
  });
});
