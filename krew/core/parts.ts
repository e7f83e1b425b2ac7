/** The source of the core's chunks, their code caches and the addons: the executable itself, or a folder in a build. */
export interface Parts {
  /** Text of a chunk. Nearly ASCII: the bundler escapes strings, but not regular expressions. */
  source(name: string): string;
  /** What V8 compiled of a chunk; undefined if a target has none. Never from a place that others may write to. */
  codeCache(name: string): Buffer | undefined;
  /** Bytes of a native addon. */
  addon(name: string): Buffer;
}

/** File name of the chunk that starts everything. */
export const ENTRY_CHUNK = "kubectl-vouch.mjs";

/** Prefix of the name with which a chunk requires a native addon; the name of the part follows. */
export const ADDON_PREFIX = "addon:";
