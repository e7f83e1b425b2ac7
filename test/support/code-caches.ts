import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { layOutCore, makeCaches } from "../../krew/core/build-core.ts";
import type { CoreBundle } from "../../krew/core/bundle-core.ts";
import { runCommand } from "./run-command.ts";

/** Below the working folder. */
const CACHES = "caches";

/** The code cache of each chunk that has one, by the chunk's name. */
export type CodeCaches = ReadonlyMap<string, Buffer>;

/** Makes the code caches in an empty folder, as a build does. `node` starts the target's Node. */
export async function madeCaches(
  bundle: CoreBundle,
  work: string,
  node: readonly string[],
): Promise<CodeCaches> {
  await layOutCore(bundle, work);
  await makeCaches(bundle, { work, node, caches: CACHES });
  const folder = path.join(work, CACHES);
  return new Map(
    fs
      .readdirSync(folder)
      .map((name) => [name.replace(/\.cache$/, ""), fs.readFileSync(path.join(folder, name))]),
  );
}

/** Loads all chunks with the caches of {@link madeCaches}, by the core's own loader. Returns those whose cache was refused. */
export async function refusedCaches(
  { program }: CoreBundle,
  work: string,
  node: readonly string[],
): Promise<string[]> {
  await build({
    entryPoints: [path.resolve(import.meta.dirname, "../../krew/core/chunk-loader.ts")],
    outfile: path.join(work, "loader.cjs"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
  });
  const script = `
    const fs = require("node:fs");
    const { chunkLoader } = require("./loader.cjs");
    const verdicts = {};
    const cache = (name) => "${CACHES}/" + name + ".cache";
    const load = chunkLoader({
      parts: {
        source: (name) => fs.readFileSync("chunks/" + name, "utf8"),
        codeCache: (name) => fs.existsSync(cache(name)) ? fs.readFileSync(cache(name)) : undefined,
        addon: () => Buffer.alloc(0),
      },
      loadAddon: () => ({}),
      compiled: (name, script) => { verdicts[name] = script.cachedDataRejected; },
    });
    for (const name of fs.readdirSync("chunks").filter((file) => file.startsWith("chunk-"))) load("./" + name);
    load("./" + process.argv[2]);
    console.log(JSON.stringify(verdicts));`;
  fs.writeFileSync(path.join(work, "judge.cjs"), script);
  const { status, stdout, stderr } = await runCommand([...node, "judge.cjs", program], {
    env: { HOME: work },
    cwd: work,
    timeoutMs: 300_000,
  });
  assert.equal(status, 0, stderr);
  const verdicts = JSON.parse(stdout) as Record<string, boolean | undefined>;
  const cached = fs.readdirSync(path.join(work, CACHES)).map((name) => name.replace(/\.cache$/, ""));
  return cached.filter((name) => verdicts[name] !== false);
}
