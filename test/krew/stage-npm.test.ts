import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type PackageManifest, publishedManifest } from "../../krew/stage-npm.ts";

const OWN = JSON.parse(
  fs.readFileSync(path.resolve(import.meta.dirname, "../../package.json"), "utf8"),
) as PackageManifest;

describe("the package.json that is published", () => {
  it("asks for the packages with native code alone, as exactly as ours does", () => {
    const { dependencies, optionalDependencies } = publishedManifest(OWN);
    assert.deepEqual(dependencies, { "@napi-rs/keyring": OWN.dependencies["@napi-rs/keyring"] });
    assert.deepEqual(optionalDependencies, { "node-hid": OWN.dependencies["node-hid"] });
  });

  it("says of the package what ours says, and runs nothing when it is installed", () => {
    const { dependencies: _dependencies, optionalDependencies: _optional, ...rest } = publishedManifest(OWN);
    const fields = ["name", "version", "description", "license", "homepage", "repository", "type", "engines"];
    assert.deepEqual(rest, Object.fromEntries([...fields, "bin"].map((field) => [field, OWN[field]])));
  });

  it("is refused when a package that the bundle leaves out is no dependency of ours", () => {
    const { "node-hid": _gone, ...dependencies } = OWN.dependencies;
    assert.throws(() => publishedManifest({ ...OWN, dependencies }), /not have dependency node-hid/);
  });
});
