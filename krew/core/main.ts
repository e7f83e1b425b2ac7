/** The core's first code: everything that it runs is inside its executable. */
import { chunkLoader } from "./chunk-loader.ts";
import { loadAddon } from "./load-addon.ts";
import { ENTRY_CHUNK, type Parts } from "./parts.ts";

const sea = process.getBuiltinModule("node:sea");

const inside: Parts = {
  source: (name) => sea.getAsset(name, "utf8"),
  codeCache: (name) => asset(`${name}.cache`),
  addon: (name) => Buffer.from(sea.getRawAsset(name)),
};

/** Undefined if the executable has no such part. */
function asset(name: string): Buffer | undefined {
  try {
    return Buffer.from(sea.getRawAsset(name));
  } catch {
    return undefined;
  }
}

chunkLoader({ parts: inside, loadAddon })(`./${ENTRY_CHUNK}`);
