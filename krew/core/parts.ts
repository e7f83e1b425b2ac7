/** Where the core's chunks, their code caches and the addons come from: inside the executable, or a folder in a build. */
export interface Parts {
  /** Text of a chunk. Nearly ASCII: the bundler writes strings so, but not regular expressions. */
  source(name: string): string;
  /** What V8 compiled of a chunk; undefined where a target has none. Never from a place that others may write. */
  codeCache(name: string): Buffer | undefined;
  /** Bytes of a native addon. */
  addon(name: string): Buffer;
}

/** File name of the chunk that starts everything. */
export const ENTRY_CHUNK = "kubectl-vouch.mjs";

/** What a chunk calls a native addon: this and the name of a part. */
export const ADDON_PREFIX = "addon:";
