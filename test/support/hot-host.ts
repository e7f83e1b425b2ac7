import { NO_FILE } from "../../token/hot/file-identity.ts";
import type { Host, SmallFile } from "../../token/hot/host.ts";

/** A host in memory: what the hot path would find, and what it did. */
export interface FakeHost extends Host {
  readonly files: Map<string, SmallFile>;
  readonly printed: string[];
  readonly written: string[];
}

export interface FakeHostOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly now: number;
  readonly parentId?: number;
  readonly files: Readonly<Record<string, string>>;
  /** Files that others may read. */
  readonly exposed?: readonly string[];
  readonly readOnly?: boolean;
}

/** The most that a host reads from a file, in bytes. Source: token/hot/host.ts, `readFile`. */
const MAX_FILE_BYTES = 64 * 1024;

export function fakeHost(options: FakeHostOptions): FakeHost {
  const { exposed = [] } = options;
  const files = new Map(
    Object.entries(options.files).map(([path, text]) => [path, { text, isPrivate: !exposed.includes(path) }]),
  );
  const printed: string[] = [];
  const written: string[] = [];
  return {
    args: options.args,
    isWindows: false,
    files,
    printed,
    written,
    env: (name) => options.env[name],
    now: () => options.now,
    parentId: () => options.parentId ?? 100,
    readFile: (path) => {
      const file = files.get(path);
      return file !== undefined && Buffer.byteLength(file.text) <= MAX_FILE_BYTES ? file : undefined;
    },
    identity: (path) => (files.has(path) ? `of ${path}` : NO_FILE),
    overwriteFile(path, text) {
      const there = files.get(path) ?? { text: "", isPrivate: true };
      if (options.readOnly || !there.isPrivate) return false;
      files.set(path, { text: text + there.text.slice(text.length), isPrivate: true });
      written.push(path);
      return true;
    },
    print: (text) => void printed.push(text),
  };
}
