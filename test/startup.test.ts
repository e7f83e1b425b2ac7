import assert from "node:assert/strict";
import fs from "node:fs";
import { isBuiltin } from "node:module";
import os from "node:os";
import path from "node:path";
import type { Metafile } from "esbuild";

import { type Bundle, bundle, EXTERNAL, NO_UNDICI, REPLACED } from "../krew/bundle.ts";
import { suiteOnPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Every source file in an output and in all it imports without `import()`. */
function loadedAtOnce({ outputs }: Metafile, entry: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path: next, kind, external } of outputs[file]?.imports ?? []) {
      if (kind !== "dynamic-import" && external !== true) visit(next);
    }
  };
  visit(entry);
  return [...seen].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
}

/** Those that take long to load, or touch what is plugged in. */
function heavyOf(files: readonly string[]): string[] {
  return files.filter((file) =>
    /node_modules\/(?:@aws-sdk|@smithy|@kubernetes|node-hid|@napi-rs|undici)\//.test(file),
  );
}

suiteOnPosix("esbuild", "the built program", () => {
  let outdir: string;
  let built: Bundle;
  before(async () => {
    outdir = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-startup-"));
    built = await bundle({ entry: "plugin/main.ts", core: "plugin/real-app.ts", outdir });
  });
  after(() => fs.rmSync(outdir, { recursive: true, force: true }));

  const output = (metafile: Metafile, name: string) =>
    Object.keys(metafile.outputs).find((file) => path.basename(file) === name) ??
    assert.fail(`there is no ${name}`);

  it("answers the warm call from one file with nothing but the hot path in it", () => {
    const entry = output(built.warm, "kubectl-vouch.mjs");
    const files = loadedAtOnce(built.warm, entry);
    assert.deepEqual(files.filter((file) => !file.startsWith("token/hot/")).sort(), [
      "plugin/gone-folder.ts",
      "plugin/main.ts",
      "token/node-host.ts",
    ]);
    const imports = built.warm.outputs[entry]?.imports
      .filter(({ kind }) => kind !== "dynamic-import")
      .map((one) => one.path);
    assert.deepEqual(imports, []);
  });

  it("loads no SDK, no Kubernetes client, no parser and no native code before a command asks for them", () => {
    const files = loadedAtOnce(built.core, output(built.core, "kubectl-vouch-core.mjs"));
    assert.deepEqual(heavyOf(files), []);
    assert.deepEqual(
      files.filter((file) =>
        /node_modules\/(?:yaml|jose|diff|tldts|cborg|@inquirer|mute-stream)\//.test(file),
      ),
      [],
    );
  });

  it("asks npm for packages with native code alone; all else is inside", () => {
    const outputs = Object.values(built.core.outputs);
    const outside = outputs.flatMap(({ imports }) => imports.filter(({ external }) => external === true));
    const packages = outside.map((one) => one.path).filter((name) => !isBuiltin(name));
    assert.deepEqual([...new Set(packages)].sort(), [...EXTERNAL].sort());
  });

  it("completes words without them too", () => {
    const sources = ["plugin/completion/complete.ts", "plugin/completion/finding-names.ts"];
    for (const source of sources) {
      const [name = assert.fail(`nothing holds ${source}`)] =
        Object.entries(built.core.outputs).find(([, { inputs }]) => source in inputs) ?? [];
      assert.deepEqual(heavyOf(loadedAtOnce(built.core, name)), [], source);
    }
  });

  it("holds no test double, and no source outside plugin, doctor and token but what takes a package's place", () => {
    const replaced = [...Object.values(REPLACED), NO_UNDICI].map((file) => path.relative(ROOT, file));
    const inputs = [built.warm, built.core].flatMap(({ inputs: all }) => Object.keys(all));
    assert.deepEqual(
      inputs.filter(
        (file) => !/^(?:plugin|doctor|token|node_modules)\//.test(file) && !replaced.includes(file),
      ),
      [],
    );
  });
});
