import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** A fault to put into a source: one text of it is replaced. */
export interface SourceFault {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/**
 * A module of ours with one fault in a file that it imports. Rejects unless that text is exactly once in the file, and the file
 * is part of the module.
 */
export async function mutatedModule<T>(entry: string, { file, text, by }: SourceFault): Promise<T> {
  let loaded = 0;
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
    logLevel: "silent",
    // Packages in CommonJS ask for Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("file:///");' },
    plugins: [
      {
        name: "source fault",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path: name }) => {
            if (name !== path.join(ROOT, file)) return undefined;
            const pieces = fs.readFileSync(name, "utf8").split(text);
            assert.equal(pieces.length, 2, `${file} holds exactly once: ${text}`);
            loaded += 1;
            return { contents: pieces.join(by), loader: "ts" };
          });
        },
      },
    ],
  });
  assert.equal(loaded, 1, `${entry} imports ${file}`);
  const code = outputFiles[0]?.contents ?? Buffer.of();
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as T;
}
