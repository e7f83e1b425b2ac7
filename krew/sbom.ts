/**
 * What a release is made of, as a CycloneDX 1.6 document: the packages in the bundle, native addons, the Node of each
 * target, and what no package manager knows of. It has neither date nor serial number, so it is the same for the same
 * release.
 *
 * Source: https://cyclonedx.org/docs/1.6/json/
 */
import { PLATFORMS } from "./platforms.ts";

/** Part of package-lock.json: packages by their folder, "node_modules/yaml"; "" is our own. */
export interface SbomLock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Something shipped that npm does not bring. */
export interface ForeignComponent {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** Where its sources are taken from. */
  readonly source: string;
}

/** The engine of the launcher. */
export const QUICKJS: ForeignComponent = {
  name: "quickjs-ng",
  version: "0.18.0",
  licence: "MIT",
  source: "https://crates.io/crates/libquickjs-ng-sys/0.14.0",
};

export interface Sbom {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly homepage: string;
  readonly lock: SbomLock;
  /** Folders of the packages that are shipped, as in the lock: the bundle's, and those of native addons. */
  readonly folders: readonly string[];
  readonly foreign: readonly ForeignComponent[];
}

interface Component {
  readonly "bom-ref": string;
  readonly [field: string]: unknown;
}

/**
 * The document's text.
 *
 * @throws Error when the lock does not have a package with version, licence and SHA-512.
 */
export function sbomText({ name, version, licence, homepage, lock, folders, foreign }: Sbom): string {
  const runtimes = PLATFORMS.map(({ runtime }) => `node_modules/${runtime}`);
  const shipped = [...new Set([...folders, ...runtimes])];
  const own = `pkg:npm/${name}@${version}`;
  const refs = new Map(shipped.map((folder) => [folder, npmPurl(folder, entryOf(lock, folder))]));
  const foreignComponents = foreign.map(foreignComponent);
  const fromNpm = shipped.map((folder) => npmComponent(folder, entryOf(lock, folder)));
  const components = sorted([...fromNpm, ...foreignComponents], (component) => component["bom-ref"]);
  const direct = [...dependenciesOf("", lock, refs), ...runtimes.flatMap((folder) => refs.get(folder) ?? [])];
  const dependencies = [
    { ref: own, dependsOn: [...direct, ...foreignComponents.map((component) => component["bom-ref"])] },
    ...shipped.map((folder) => ({
      ref: refs.get(folder) ?? "",
      dependsOn: dependenciesOf(folder, lock, refs),
    })),
  ];
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": own,
        name,
        version,
        purl: own,
        licenses: licenses(licence),
        externalReferences: [{ type: "website", url: homepage }],
      },
    },
    components,
    dependencies: merged(dependencies),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function entryOf(
  lock: SbomLock,
  folder: string,
): Required<Pick<LockEntry, "version" | "integrity" | "license">> {
  const { version, integrity, license } = lock.packages[folder] ?? {};
  if (version === undefined || license === undefined || !integrity?.startsWith("sha512-")) {
    throw new Error(`package-lock.json has no ${folder} with version, licence and SHA-512`);
  }
  return { version, integrity, license };
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Package URL; the sign of a scope is escaped, its slash is not. */
function npmPurl(folder: string, { version }: { version: string }): string {
  return `pkg:npm/${nameOf(folder).replace("@", "%40")}@${version}`;
}

function npmComponent(folder: string, entry: ReturnType<typeof entryOf>): Component {
  const purl = npmPurl(folder, entry);
  const content = Buffer.from(entry.integrity.slice("sha512-".length), "base64").toString("hex");
  return {
    type: "library",
    "bom-ref": purl,
    name: nameOf(folder),
    version: entry.version,
    hashes: [{ alg: "SHA-512", content }],
    licenses: licenses(entry.license),
    purl,
  };
}

function foreignComponent({ name, version, licence, source }: ForeignComponent): Component {
  const purl = `pkg:generic/${name}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    licenses: licenses(licence),
    purl,
    externalReferences: [{ type: "source-distribution", url: source }],
  };
}

/** One licence by its identifier, or several as an expression: "(MIT OR X11)". */
function licenses(licence: string): unknown[] {
  return / /.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }];
}

/** What a package needs of that which is shipped, found where Node would find it. */
function dependenciesOf(folder: string, { packages }: SbomLock, refs: ReadonlyMap<string, string>): string[] {
  const { dependencies, optionalDependencies } = packages[folder] ?? {};
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
    const found = placesFor(folder, name).find((place) => packages[place] !== undefined);
    return found === undefined ? [] : (refs.get(found) ?? []);
  });
}

/** Folders in which Node looks for a package, the nearest first. */
function placesFor(folder: string, name: string): string[] {
  const parents = folder
    .split("/node_modules/")
    .map((_, i, parts) => parts.slice(0, i + 1).join("/node_modules/"));
  const near = folder === "" ? [] : parents.reverse().map((parent) => `${parent}/node_modules/${name}`);
  return [...near, `node_modules/${name}`];
}

/** One component per package and version, wherever it lies; in order of its reference. */
function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  const unique = new Map(items.map((item) => [key(item), item]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function merged(all: readonly { ref: string; dependsOn: readonly string[] }[]): unknown[] {
  const byRef = Map.groupBy(all, ({ ref }) => ref);
  return sorted(
    [...byRef].map(([ref, those]) => ({
      ref,
      dependsOn: sorted(
        those.flatMap(({ dependsOn }) => dependsOn),
        (one) => one,
      ),
    })),
    ({ ref }) => ref,
  );
}
