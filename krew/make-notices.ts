import fs from "node:fs";
import path from "node:path";
import { keyringPackage } from "./core/addons.ts";
import type { CoreBundle } from "./core/bundle-core.ts";
import { type Notice, noticesText, packageFolders, readNotice } from "./notices.ts";
import { PLATFORMS } from "./platforms.ts";
import { QUICKJS, type SbomLock, sbomText } from "./sbom.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Packages whose JavaScript is replaced, and whose addons are shipped. */
const ADDON_PACKAGES = ["node_modules/node-hid", "node_modules/@napi-rs/keyring"];

/** Terms of what node-hid itself includes. */
const HIDAPI = ["hidapi/LICENSE.txt", "hidapi/LICENSE-bsd.txt"];

/** Folders of the packages that are in the core, relative to the repository. */
function shippedFolders({ metafile }: CoreBundle): string[] {
  return [...new Set([...packageFolders(Object.keys(metafile.inputs)), ...ADDON_PACKAGES])].sort();
}

/** The text of THIRD_PARTY_NOTICES, the same for every platform. */
export function makeNotices(
  bundle: CoreBundle,
  { node, engine }: { readonly node: { version: string; licence: string }; readonly engine: string },
): string {
  const packages = shippedFolders(bundle).map((folder) =>
    readNotice(path.join(ROOT, folder), folder.endsWith("/node-hid") ? HIDAPI : []),
  );
  const others: Notice[] = [
    { name: "Node.js", version: node.version, licence: "MIT and others", text: node.licence },
    { name: QUICKJS.name, version: QUICKJS.version, licence: QUICKJS.licence, text: engine },
  ];
  return noticesText([...packages, ...others]);
}

/** The text of the software bill of materials. */
export function makeSbom(bundle: CoreBundle, version: string): string {
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(ROOT, file), "utf8"));
  const { name, license, homepage } = read("package.json") as Record<string, string>;
  const keyrings = PLATFORMS.map((platform) => `node_modules/${keyringPackage(platform)}`);
  return sbomText({
    name: name ?? "",
    version,
    licence: license ?? "",
    homepage: homepage ?? "",
    lock: read("package-lock.json") as SbomLock,
    folders: [...shippedFolders(bundle), ...keyrings],
    foreign: [QUICKJS],
  });
}
