/**
 * The rules of krew and its index for a manifest.
 *
 * Source: krew 0.4.3, internal/index/validation/validate.go and cmd/validate-krew-manifest/main.go; the length of
 * descriptions and the homepage are customs of krew-index's reviews.
 */
import path from "node:path";
import { type FileOperation, type Manifest, type ManifestPlatform, platformsOf } from "./manifest.ts";
import { coverageProblems, selectorProblems } from "./selectors.ts";

const API_VERSION = "krew.googlecontainertools.github.com/v1alpha2";

/** Names that Windows gives to devices. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[1-9])$/i;

/** A semantic version; numbers have no leading zeros. */
const SEMANTIC_VERSION =
  /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Longest short description and longest line of the description, in characters. */
const SHORT_LENGTH = 50;
const LINE_LENGTH = 80;

/** What krew or a reviewer of its index would refuse, in words; empty if it is fine. */
export function manifestProblems(manifest: Manifest, fileName: string): string[] {
  const platforms = platformsOf(manifest);
  return [
    ...headProblems(manifest, fileName),
    ...versionProblems(manifest.spec?.version),
    ...descriptionProblems(manifest.spec),
    ...(platforms.length === 0 ? ["offers no platform"] : []),
    ...platforms.flatMap((platform, i) =>
      platformProblems(platform).map((problem) => `platform ${i}: ${problem}`),
    ),
    ...coverageProblems(platforms),
  ];
}

function headProblems({ apiVersion, kind, metadata }: Manifest, fileName: string): string[] {
  const name = metadata?.name;
  const { name: expected, ext } = path.parse(fileName);
  return [
    ...(apiVersion === API_VERSION ? [] : [`has apiVersion "${apiVersion}", expected "${API_VERSION}"`]),
    ...(kind === "Plugin" ? [] : [`is of kind "${kind}", expected "Plugin"`]),
    ...(typeof name === "string" && /^[\w-]+$/.test(name) && !WINDOWS_DEVICE.test(name)
      ? []
      : [`has the name "${name}", which krew does not take`]),
    ...(ext === ".yaml" && name === expected ? [] : [`is called ${fileName}, expected ${name}.yaml`]),
  ];
}

function versionProblems(version: unknown): string[] {
  if (typeof version !== "string" || version === "") return ["has no version"];
  if (!version.startsWith("v")) return [`has version "${version}", which does not start with v`];
  return SEMANTIC_VERSION.test(version.slice(1)) ? [] : [`has version "${version}", no semantic version`];
}

function descriptionProblems(spec: Manifest["spec"]): string[] {
  const { shortDescription: short, description, homepage } = spec ?? {};
  if (typeof short !== "string" || short === "") return ["has no short description"];
  const long = String(description ?? "")
    .split("\n")
    .filter((line) => line.length > LINE_LENGTH);
  return [
    ...(/[\r\n]/.test(short) ? ["has a line break in its short description"] : []),
    ...(short.length > SHORT_LENGTH
      ? [`has a short description of ${short.length} characters, expected at most ${SHORT_LENGTH}`]
      : []),
    ...(description ? [] : ["has no description"]),
    ...long.map((line) => `has a line of ${line.length} characters in its description: "${line}"`),
    ...(/^https:\/\//.test(String(homepage)) ? [] : ["has no homepage"]),
  ];
}

function platformProblems({ uri, sha256, bin, files, selector }: ManifestPlatform): string[] {
  return [
    ...(uri ? [] : ["has no `uri`"]),
    ...sumProblems(sha256),
    ...(bin ? [] : ["has no `bin`"]),
    ...fileProblems(files),
    ...selectorProblems(selector),
  ];
}

function sumProblems(sha256: unknown): string[] {
  if (sha256 === undefined || sha256 === null || sha256 === "") return ["has no `sha256`"];
  if (typeof sha256 !== "string") return ["its `sha256` is a number: it must be quoted"];
  if (/^[a-f0-9]{64}$/.test(sha256)) return [];
  return [`its \`sha256\` "${sha256}" is no SHA-256 in lower-case hexadecimal`];
}

function fileProblems(files: readonly FileOperation[] | null | undefined): string[] {
  if (files === undefined || files === null) return [];
  if (files.length === 0) return ["its `files` are empty: leave them out to take everything"];
  return files.flatMap(({ from, to }) => [
    ...(from ? [] : ["a file operation has no `from`"]),
    ...(to ? [] : ["a file operation has no `to`"]),
    ...(to && String(to) !== cleaned(String(to))
      ? [`\`to\` is "${to}", expected "${cleaned(String(to))}"`]
      : []),
  ]);
}

/** The same path, as Go's filepath.Clean returns it. */
function cleaned(name: string): string {
  const normal = path.posix.normalize(name);
  return normal.length > 1 ? normal.replace(/\/$/, "") : normal;
}
