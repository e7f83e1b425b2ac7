/**
 * What a release consists of, as a CycloneDX 1.6 document: the packages in the bundle, native addons, the Node of each target,
 * and parts that no package manager knows. It has neither date nor serial number, so that it is identical for the same release.
 * We sort by code units; the library would sort by the machine's language.
 *
 * Source: https://cyclonedx.org/docs/1.6/json/
 */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { PLATFORMS } from "./platforms.ts";

/** Part of package-lock.json: packages by their folder, "node_modules/yaml"; "" is ourselves. */
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

/** A shipped part that does not come from npm. */
export interface ForeignComponent {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** Where its sources come from. */
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
  /** Folders of the shipped packages, as in the lock: those in the bundle, and those of native addons. */
  readonly folders: readonly string[];
  readonly foreign: readonly ForeignComponent[];
}

/**
 * The document's text.
 *
 * @throws Error if the lock does not have a package with version, licence and SHA-512.
 */
export function sbomText({ name, version, licence, homepage, lock, folders, foreign }: Sbom): string {
  const runtimes = PLATFORMS.map(({ runtime }) => `node_modules/${runtime}`);
  const own = component(Enums.ComponentType.Application, {
    name,
    version,
    licence,
    purl: `pkg:npm/${name}@${version}`,
  });
  own.externalReferences.add(new Models.ExternalReference(homepage, Enums.ExternalReferenceType.Website));
  const others = foreign.map(foreignComponent);
  const byFolder = npmComponents([...folders, ...runtimes], lock);

  const needs = (folder: string) =>
    neededFolders(folder, lock).flatMap((needed) => byFolder.get(needed) ?? []);
  const links = [
    ...[...byFolder].flatMap(([folder, one]) => needs(folder).map((needed) => ({ one, needed }))),
    ...[...needs(""), ...runtimes.flatMap((folder) => byFolder.get(folder) ?? []), ...others].map(
      (needed) => ({ one: own, needed }),
    ),
  ];
  for (const { one, needed } of links.sort((a, b) => inOrder(a.needed, b.needed)))
    one.dependencies.add(needed.bomRef);

  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: own }),
    components: new Models.ComponentRepository([...byFolder.values(), ...others].sort(inOrder)),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { space: 2 })}\n`;
}

/** By folder; one component per package and version, in whichever folders it is. */
function npmComponents(folders: readonly string[], lock: SbomLock): Map<string, Models.Component> {
  const byPurl = new Map<string, Models.Component>();
  return new Map(
    folders.map((folder) => {
      const one = npmComponent(folder, lock);
      const purl = one.purl ?? "";
      byPurl.set(purl, byPurl.get(purl) ?? one);
      return [folder, byPurl.get(purl) ?? one];
    }),
  );
}

function npmComponent(folder: string, { packages }: SbomLock): Models.Component {
  const { version, integrity, license: licence } = packages[folder] ?? {};
  if (version === undefined || licence === undefined || !integrity?.startsWith("sha512-")) {
    throw new Error(`package-lock.json does not have ${folder} with version, license and SHA-512`);
  }
  const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  // The @ of a scope is escaped, but its slash is not.
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const one = component(Enums.ComponentType.Library, { name, version, licence, purl });
  const content = Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
  one.hashes.set(Enums.HashAlgorithm["SHA-512"], content);
  return one;
}

function foreignComponent({ name, version, licence, source }: ForeignComponent): Models.Component {
  const purl = `pkg:generic/${name}@${version}`;
  const one = component(Enums.ComponentType.Library, { name, version, licence, purl });
  one.externalReferences.add(
    new Models.ExternalReference(source, Enums.ExternalReferenceType.SourceDistribution),
  );
  return one;
}

interface Facts {
  readonly name: string;
  readonly version: string;
  /** An identifier, or several as an expression: "(MIT OR X11)". */
  readonly licence: string;
  /** Package URL; also the reference used by other components. */
  readonly purl: string;
}

function component(type: Enums.ComponentType, { name, version, licence, purl }: Facts): Models.Component {
  const { LicenseExpression, SpdxLicense } = Models;
  const license = licence.includes(" ") ? new LicenseExpression(licence) : new SpdxLicense(licence);
  const licenses = new Models.LicenseRepository([license]);
  return new Models.Component(type, name, { bomRef: purl, version, licenses, purl });
}

/** The folders of a package's dependencies, found as Node would find them. */
function neededFolders(folder: string, { packages }: SbomLock): string[] {
  const { dependencies, optionalDependencies } = packages[folder] ?? {};
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap(
    (name) => placesFor(folder, name).find((place) => packages[place] !== undefined) ?? [],
  );
}

/** Folders in which Node looks for a package, nearest first. */
function placesFor(folder: string, name: string): string[] {
  const parents = folder
    .split("/node_modules/")
    .map((_, i, parts) => parts.slice(0, i + 1).join("/node_modules/"));
  const near = folder === "" ? [] : parents.reverse().map((parent) => `${parent}/node_modules/${name}`);
  return [...near, `node_modules/${name}`];
}

function inOrder({ purl: a = "" }: Models.Component, { purl: b = "" }: Models.Component): number {
  return a < b ? -1 : Number(a > b);
}
