import path from "node:path";
import { build } from "esbuild";

/**
 * Bundles a script of this folder into one file, like what is shipped: it starts twice as fast as its sources. Our version in it
 * is that of sources, or a given one.
 */
export async function bundledScript(name: string, folder: string, version?: string): Promise<string> {
  const outfile = path.join(folder, `${name}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    ...(version === undefined ? {} : { define: { KUBECTL_VOUCH_VERSION: JSON.stringify(version) } }),
  });
  return outfile;
}
