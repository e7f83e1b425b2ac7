import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { archiveName } from "../../krew/archive/entry.ts";
import { type ManifestFacts, manifestText } from "../../krew/manifest.ts";
import { PLATFORMS } from "../../krew/platforms.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const TEMPLATE = fs.readFileSync(path.join(ROOT, "krew/vouch.template.yaml"), "utf8");
const PACKAGE = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  homepage: string;
  repository: { url: string };
};

const files = PLATFORMS.map((platform) => archiveName("1.2.3", platform));
const FACTS: ManifestFacts = {
  version: "1.2.3",
  homepage: PACKAGE.homepage,
  sums: new Map(files.map((file) => [file, hash("sha256", file)])),
};

interface Manifest {
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly platforms: readonly {
      readonly uri: string;
      readonly sha256: string;
      readonly bin: string;
      readonly selector: { readonly matchLabels: Record<string, string> };
    }[];
  };
}

describe("the krew manifest", () => {
  const text = manifestText(TEMPLATE, FACTS);
  const { spec } = parse(text) as Manifest;

  it("names the release and where it comes from", () => {
    assert.equal(spec.version, "v1.2.3");
    assert.equal(spec.homepage, "https://github.com/kubectl-vouch/kubectl-vouch");
    assert.equal(PACKAGE.repository.url, `git+${PACKAGE.homepage}.git`);
  });

  it("has every platform once, with its archive and sum", () => {
    assert.deepEqual(
      spec.platforms.map(({ uri, sha256, bin, selector }) => ({ uri, sha256, bin, ...selector.matchLabels })),
      PLATFORMS.map(({ os, arch }, i) => ({
        uri: `https://github.com/kubectl-vouch/kubectl-vouch/releases/download/v1.2.3/${files[i]}`,
        sha256: hash("sha256", files[i] ?? ""),
        bin: os === "windows" ? "kubectl-vouch.exe" : "kubectl-vouch",
        os,
        arch,
      })),
    );
  });

  it("quotes sums, so that one of digits stays text", () => {
    const digits = "1".repeat(64);
    const sums = new Map(files.map((file) => [file, digits]));
    const manifest = manifestText(TEMPLATE, { ...FACTS, sums });
    assert.equal(manifest.match(new RegExp(`^ +sha256: "${digits}"$`, "gm"))?.length, 6);
    assert.equal((parse(manifest) as Manifest).spec.platforms[0]?.sha256, digits);
  });

  it("says what it does in the room krew has for it", () => {
    assert.ok(spec.shortDescription.length <= 50, spec.shortDescription);
    assert.deepEqual(
      spec.description.split("\n").filter((line) => line.length > 80),
      [],
    );
    assert.doesNotMatch(text, /#|caveats/);
  });

  it("is refused when an archive is missing, or is one too many", () => {
    const without = new Map(FACTS.sums);
    without.delete("kubectl-vouch_1.2.3_darwin_arm64.tar.gz");
    assert.throws(
      () => manifestText(TEMPLATE, { ...FACTS, sums: without }),
      /archive kubectl-vouch_1.2.3_darwin_arm64.tar.gz not found/,
    );
    const more = new Map([...FACTS.sums, ["kubectl-vouch_1.2.2_linux_amd64.tar.gz", "0"]]);
    assert.throws(
      () => manifestText(TEMPLATE, { ...FACTS, sums: more }),
      /no platform of the template selects kubectl-vouch_1.2.2_linux_amd64.tar.gz/,
    );
    assert.throws(() => manifestText("a: [", FACTS));
    assert.throws(() => manifestText("spec: {}", FACTS), /not have a list of platforms/);
  });
});
