import fs from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";
import { keyringPackage } from "./core/addons.ts";
import type { CoreBundle } from "./core/bundle-core.ts";
import { type Notice, noticesText, packageFolders, readNotice } from "./notices.ts";
import { PLATFORMS, type Platform } from "./platforms.ts";
import { ReleaseError } from "./run.ts";
import { type FetchOptions, fetchPackage } from "./runtimes.ts";
import { QUICKJS, type SbomLock, sbomText } from "./sbom.ts";
import type { ZigParts } from "./zig-parts.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Packages whose JavaScript is replaced, but whose addons are shipped. */
const ADDON_PACKAGES = ["node_modules/node-hid", "node_modules/@napi-rs/keyring"];

/** Licence files of what node-hid itself includes. */
const HIDAPI = ["hidapi/LICENSE.txt", "hidapi/LICENSE-bsd.txt"];

/** Folders of the packages that are in the core, relative to the repository. */
function shippedFolders({ metafile }: CoreBundle): string[] {
  return [...new Set([...packageFolders(Object.keys(metafile.inputs)), ...ADDON_PACKAGES])].sort();
}

/** Licence terms that are not in `node_modules`. */
interface FetchedTerms {
  readonly node: Pick<Notice, "version" | "text">;
  /** The terms of the keyring's addon for this platform, if it has one: of everything compiled into it. */
  readonly keyring: Notice | undefined;
  readonly engine: string;
  readonly zig: ZigParts;
}

/** The text of THIRD_PARTY_NOTICES in a platform's archive. */
export function makeNotices(
  bundle: CoreBundle,
  platform: Platform,
  { node, keyring, engine, zig }: FetchedTerms,
): string {
  const packages = shippedFolders(bundle).map((folder) =>
    readNotice(path.join(ROOT, folder), folder.endsWith("/node-hid") ? HIDAPI : []),
  );
  const inCore: Notice[] = [{ name: "Node.js", ...node, licence: "MIT and others" }];
  const launcher = [{ ...QUICKJS, text: engine }, zig.runtime];
  const library = { linux: [zig.musl], darwin: [], windows: [zig.mingw] }[platform.os];
  return noticesText([
    ...packages,
    ...inCore,
    ...(keyring === undefined ? [] : [keyring]),
    ...launcher,
    ...library,
  ]);
}

/** The text of THIRD_PARTY_NOTICES in the npm package. npm installs the packages with native code, with their own terms. */
export function npmNotices(bundles: readonly Metafile[]): string {
  const folders = packageFolders(bundles.flatMap(({ inputs }) => Object.keys(inputs)));
  return noticesText(folders.map((folder) => readNotice(path.join(ROOT, folder))));
}

/** Reads the terms that come with the keyring's addon for a platform, for what Rust calls "crates". */
export async function keyringNotice(platform: Platform, fetching: FetchOptions): Promise<Notice | undefined> {
  const name = keyringPackage(platform);
  if (name === undefined) return undefined;
  const files = await fetchPackage(name, fetching);
  const text = files.find((file) => file.name === "package/LICENSE.third-party.md")?.bytes.toString("utf8");
  if (text === undefined) throw new ReleaseError(`${name} does not list what is compiled into it.`);
  const version = fetching.lock.packages[`node_modules/${name}`]?.version ?? "";
  return { name, version, licence: "MIT and others", text };
}

/** The text of the software bill of materials. */
export function makeSbom(bundle: CoreBundle, version: string, { runtime, musl, mingw }: ZigParts): string {
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(ROOT, file), "utf8"));
  const { name, license, homepage } = read("package.json") as Record<string, string>;
  const keyrings = PLATFORMS.map(keyringPackage)
    .filter((keyring) => keyring !== undefined)
    .map((keyring) => `node_modules/${keyring}`);
  return sbomText({
    name: name ?? "",
    version,
    licence: license ?? "",
    homepage: homepage ?? "",
    lock: read("package-lock.json") as SbomLock,
    folders: [...shippedFolders(bundle), ...keyrings],
    foreign: [QUICKJS, runtime, musl, mingw],
  });
}
