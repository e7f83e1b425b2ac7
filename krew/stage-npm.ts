/**
 * Runs before `npm run pack`: builds, and lays out in dist/npm the package that is published. It contains the bundle, so its only
 * npm dependencies are those that the bundle leaves out: the packages with native code.
 */
import fs from "node:fs";
import path from "node:path";
import { bundle, EXTERNAL } from "./bundle.ts";
import { npmNotices } from "./make-notices.ts";
import { makePage, PAGE } from "./page.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Fields of our own package.json that a user of the package needs. */
const FIELDS = [
  "name",
  "version",
  "description",
  "license",
  "homepage",
  "repository",
  "type",
  "engines",
  "bin",
];

/**
 * Packages without which npm installs ours. Node-hid is not used on Linux, and has no prebuilt file for musl on arm64: npm would
 * have to compile it there.
 */
const OPTIONAL: ReadonlySet<string> = new Set(["node-hid"]);

/** Part of package.json. */
export interface PackageManifest {
  readonly [field: string]: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The package.json that is published. */
export function publishedManifest(own: PackageManifest): PackageManifest {
  const dependencies = EXTERNAL.map((name) => {
    const version = own.dependencies[name];
    if (version === undefined) throw new Error(`package.json does not have dependency ${name}`);
    return [name, version] as const;
  });
  const chosen = (optional: boolean) =>
    Object.fromEntries(dependencies.filter(([name]) => OPTIONAL.has(name) === optional));
  return {
    ...Object.fromEntries(FIELDS.map((field) => [field, own[field]])),
    dependencies: chosen(false),
    optionalDependencies: chosen(true),
  };
}

/** Not in dist/ itself, which other programs may be using. */
async function stage(): Promise<void> {
  const folder = path.join(ROOT, "dist/npm");
  const dist = path.join(folder, "dist");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(dist, { recursive: true });
  const { warm, core } = await bundle({ entry: "plugin/main.ts", core: "plugin/real-app.ts", outdir: dist });
  fs.writeFileSync(path.join(dist, "THIRD_PARTY_NOTICES"), npmNotices([warm, core]));
  fs.writeFileSync(path.join(dist, PAGE), await makePage());
  const own = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as PackageManifest;
  for (const file of fs.globSync(own["files"] as string[], { cwd: ROOT, exclude: ["dist/**"] })) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
  }
  const text = `${JSON.stringify(publishedManifest(own), undefined, 2)}\n`;
  fs.writeFileSync(path.join(folder, "package.json"), text);
}

if (process.argv[1] === import.meta.filename) await stage();
