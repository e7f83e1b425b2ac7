import { ADDON_PREFIX, type Parts } from "./parts.ts";

const vm = process.getBuiltinModule("node:vm");
const { pathToFileURL } = process.getBuiltinModule("node:url");

interface Module {
  exports: unknown;
}

/** `require` as a chunk sees it: other chunks, Node's own modules and our addons, but no files. */
type Require = (name: string) => unknown;

interface ChunkLoaderOptions {
  readonly parts: Parts;
  readonly loadAddon: (bytes: Buffer) => unknown;
  /** Called with each chunk's script once it has been compiled, for making code caches. */
  readonly compiled?: (name: string, script: import("node:vm").Script) => void;
}

/** Loads each chunk once, when it is first requested. */
export function chunkLoader({ parts, loadAddon, compiled }: ChunkLoaderOptions): Require {
  const modules = new Map<string, Module>();
  const url = pathToFileURL(process.execPath).href;

  const load = (name: string): Module => {
    const known = modules.get(name);
    if (known !== undefined) return known;
    const module: Module = { exports: {} };
    modules.set(name, module);
    const cachedData = parts.codeCache(name);
    const script = new vm.Script(wrapped(parts.source(name)), {
      filename: name,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    compiled?.(name, script);
    try {
      (script.runInThisContext() as ChunkFunction)(module.exports, require, module, url);
    } catch (error) {
      // A second request gets the same error, and not half a module.
      modules.delete(name);
      throw error;
    }
    return module;
  };

  const addon = (name: string): Module => {
    const module = modules.get(name) ?? { exports: loadAddon(parts.addon(name.slice(ADDON_PREFIX.length))) };
    modules.set(name, module);
    return module;
  };

  const require: Require = (name) => {
    if (name.startsWith("./")) return load(name.slice(2)).exports;
    if (name.startsWith(ADDON_PREFIX)) return addon(name).exports;
    const builtin: unknown = process.getBuiltinModule(name);
    if (builtin === undefined) throw new Error(`${name} is not in this program.`);
    return builtin;
  };
  return require;
}

type ChunkFunction = (exports: unknown, require: Require, module: Module, moduleUrl: string) => void;

/** Must be the same text when a cache is made and when it is used, or V8 refuses the cache. */
function wrapped(source: string): string {
  return `(function(exports,require,module,__moduleUrl){${source}\n})`;
}
