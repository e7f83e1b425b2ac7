import { isMap, isSeq, parseDocument, Scalar, type YAMLMap } from "yaml";
import { archiveName } from "./archive/entry.ts";
import type { Platform } from "./platforms.ts";

/** Everything that is not in the template. */
export interface ManifestFacts {
  /** Without the `v` of the tag: "0.1.0". */
  readonly version: string;
  /** Address of the repository, as in package.json; without a trailing slash. */
  readonly homepage: string;
  /** SHA-256 of each archive in lower-case hexadecimal, by file name. */
  readonly sums: ReadonlyMap<string, string>;
}

/**
 * Fills in `krew/vouch.template.yaml`. Sums are quoted, because one with only digits would be read as a number.
 *
 * @throws Error if a platform of the template has no archive, or an archive no platform.
 */
export function manifestText(template: string, facts: ManifestFacts): string {
  const { version, homepage, sums } = facts;
  const document = parseDocument(template);
  if (document.errors[0] !== undefined) throw document.errors[0];
  document.commentBefore = null;
  const spec = document.get("spec");
  const platforms = document.getIn(["spec", "platforms"]);
  if (!isMap(spec) || !isSeq(platforms)) throw new Error("the template does not have a list of platforms");
  spec.items.unshift(
    document.createPair("version", `v${version}`),
    document.createPair("homepage", homepage),
  );
  const files = platforms.items.map((item) => {
    if (!isMap(item)) throw new Error("a platform of the template is not a map");
    const file = archiveName(version, selected(item));
    const sum = sums.get(file);
    if (sum === undefined) throw new Error(`archive ${file} not found`);
    item.set("uri", assetUrl(homepage, version, file));
    item.set("sha256", quoted(sum));
    return file;
  });
  const unused = [...sums.keys()].filter((file) => !files.includes(file));
  if (unused.length > 0) throw new Error(`no platform of the template selects ${unused.join(", ")}`);
  return document.toString({ lineWidth: 0 });
}

/** The URL of a file of a release. */
function assetUrl(homepage: string, version: string, file: string): string {
  return `${homepage}/releases/download/v${version}/${file}`;
}

function selected(platform: YAMLMap): Pick<Platform, "os" | "arch"> {
  const label = (name: string) => platform.getIn(["selector", "matchLabels", name]);
  return { os: label("os"), arch: label("arch") } as Pick<Platform, "os" | "arch">;
}

function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
