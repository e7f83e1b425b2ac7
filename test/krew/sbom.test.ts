import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { PLATFORMS } from "../../krew/platforms.ts";
import { QUICKJS, type Sbom, type SbomLock, sbomText } from "../../krew/sbom.ts";

const LOCK = JSON.parse(
  fs.readFileSync(path.resolve(import.meta.dirname, "../../package-lock.json"), "utf8"),
) as SbomLock;

const FACTS: Sbom = {
  name: "kubectl-vouch",
  version: "0.1.0",
  licence: "Apache-2.0",
  homepage: "https://example.org",
  lock: LOCK,
  folders: [
    "node_modules/yargs",
    "node_modules/cliui",
    "node_modules/cliui/node_modules/string-width",
    "node_modules/string-width",
    "node_modules/wrap-ansi/node_modules/string-width",
    "node_modules/node-hid",
    "node_modules/@napi-rs/keyring",
  ],
  foreign: [QUICKJS],
};

interface Bom {
  readonly metadata: { readonly component: Record<string, unknown> };
  readonly components: readonly (Record<string, unknown> & { readonly purl: string })[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

describe("the bill of materials", () => {
  const text = sbomText(FACTS);
  const bom = JSON.parse(text) as Bom;
  const component = (purl: string) => bom.components.find((one) => one.purl === purl);
  const needs = (ref: string) => bom.dependencies.find((one) => one.ref === ref)?.dependsOn;

  it("is CycloneDX 1.6, with every field that it must have", () => {
    const { metadata, components: _components, dependencies: _dependencies, ...head } = bom;
    assert.deepEqual(head, {
      $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
    });
    for (const one of [metadata.component, ...bom.components]) {
      assert.match(String(one["type"]), /^(?:application|library)$/);
      assert.match(String(one["purl"]), /^pkg:(?:npm|generic)\/[^@]+@\d+\.\d+\.\d+$/);
      assert.equal(one["bom-ref"], one["purl"]);
      for (const field of ["name", "version", "licenses"]) assert.ok(one[field], `${one["purl"]} ${field}`);
    }
  });

  it("has each package once, by name, version, licence and hash", () => {
    assert.equal(new Set(bom.components.map(({ purl }) => purl)).size, bom.components.length);
    const integrity = LOCK.packages["node_modules/@napi-rs/keyring"]?.integrity ?? "";
    assert.deepEqual(component("pkg:npm/%40napi-rs/keyring@2.1.2"), {
      type: "library",
      "bom-ref": "pkg:npm/%40napi-rs/keyring@2.1.2",
      name: "@napi-rs/keyring",
      version: "2.1.2",
      hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }],
      licenses: [{ license: { id: "MIT" } }],
      purl: "pkg:npm/%40napi-rs/keyring@2.1.2",
    });
    assert.deepEqual(component("pkg:npm/node-hid@3.4.0")?.["licenses"], [{ expression: "(MIT OR X11)" }]);
  });

  it("has the Node of every target, and the launcher's engine", () => {
    for (const { runtime } of PLATFORMS) {
      assert.ok(component(`pkg:npm/${runtime}@${process.versions.node}`)?.["hashes"], runtime);
    }
    assert.deepEqual(component("pkg:generic/quickjs-ng@0.18.0")?.["externalReferences"], [
      { type: "source-distribution", url: "https://crates.io/crates/libquickjs-ng-sys/0.14.0" },
    ]);
  });

  it("says what needs what, of the version that lies nearest", () => {
    assert.deepEqual(needs("pkg:npm/cliui@9.0.1"), ["pkg:npm/string-width@7.2.0"]);
    assert.deepEqual(needs("pkg:npm/yargs@18.2.0"), ["pkg:npm/cliui@9.0.1", "pkg:npm/string-width@8.3.0"]);
    assert.deepEqual(
      needs("pkg:npm/kubectl-vouch@0.1.0"),
      [
        "pkg:generic/quickjs-ng@0.18.0",
        "pkg:npm/%40napi-rs/keyring@2.1.2",
        ...PLATFORMS.map(({ runtime }) => `pkg:npm/${runtime}@22.23.2`),
        "pkg:npm/node-hid@3.4.0",
        "pkg:npm/yargs@18.2.0",
      ].sort(),
    );
    const refs = new Set(["pkg:npm/kubectl-vouch@0.1.0", ...bom.components.map(({ purl }) => purl)]);
    for (const { ref, dependsOn = [] } of bom.dependencies) {
      for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one);
    }
  });

  it("is the same for the same release, whatever the order", () => {
    assert.equal(sbomText({ ...FACTS, folders: FACTS.folders.toReversed() }), text);
    assert.doesNotMatch(text, /timestamp|serialNumber/);
  });

  it("is refused for what the lock does not pin", () => {
    assert.throws(
      () => sbomText({ ...FACTS, folders: ["node_modules/gone"] }),
      /not have node_modules\/gone with version, license and SHA-512/,
    );
  });
});
