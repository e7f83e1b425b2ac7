/** THIRD_PARTY_NOTICES: whose work is in what we ship, and under which terms. */
import fs from "node:fs";
import path from "node:path";
import { MIT } from "./standard-licences.ts";

/** A shipped part by others. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier or expression: "MIT". */
  readonly licence: string;
  /** The terms, as they came with it. */
  readonly text: string;
}

/** Names of files with terms: LICENSE, licence.md, LICENSE-MIT.txt, UNLICENSE, COPYING, NOTICE. */
const TERMS = /^(?!.*\.(?:[cm]?[jt]s|json)$)(?:(?:un)?licen[cs]e|copying|notice)(?:[-.][\w.-]*)?$/i;

/** The folder of the package that contains a file; the innermost one if packages are nested. */
const PACKAGE_FOLDER = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Folders of the packages that the files belong to, each once and sorted. Our own files are skipped. */
export function packageFolders(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[1] ?? []))].sort();
}

/**
 * Reads a package's notice. `further` are files with the terms of what the package itself includes: "hidapi/LICENSE.txt".
 *
 * @throws Error if it does not specify a license; or if it has no terms, and names a licence whose text we do not know.
 */
export function readNotice(folder: string, further: readonly string[] = []): Notice {
  const { name, version, license, author } = JSON.parse(
    fs.readFileSync(path.join(folder, "package.json"), "utf8"),
  ) as PackageJson;
  if (typeof license !== "string" || license === "")
    throw new Error(`${name} ${version} does not specify a license`);
  const own = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TERMS.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const texts = [...own, ...further].map((file) => tidy(fs.readFileSync(path.join(folder, file), "utf8")));
  const text = texts.length > 0 ? texts.join("\n\n") : standardText({ name, version, license, author });
  return { name, version, licence: license, text };
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly author?: string | { readonly name?: string } | undefined;
}

/** Replaces a license text that a package refers to but does not include, with a note. */
function standardText({ name, version, license, author }: PackageJson): string {
  const holder =
    typeof author === "string" ? (author.split(/[<(]/, 1)[0] ?? "").trimEnd() : (author?.name ?? "");
  const origin = "This package specifies its license without the text. The standard text:";
  if (license === "Apache-2.0") return `${origin}\n\n${apache()}`;
  if (license === "MIT" && holder !== "") return `${origin}\n\nCopyright (c) ${holder}\n\n${MIT}`;
  throw new Error(
    `${name} ${version} (${license}) does not include its license text, nor does a standard text fit.\n` +
      "Ask its authors for one, or do without the package.",
  );
}

/** Our own licence is the standard text. */
function apache(): string {
  return tidy(fs.readFileSync(path.join(import.meta.dirname, "../LICENSE"), "utf8"));
}

/** The text with Unix line ends, and without blank lines around it. */
function tidy(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/(?<![ \t])[ \t]+$/gm, "")
    .replace(/^\n+|(?<!\n)\n+$/g, "");
}

const RULE = "=".repeat(80);

/** The complete text, sorted by name. Notices with identical terms share one copy of them. */
export function noticesText(notices: readonly Notice[]): string {
  const sorted = notices.toSorted((a, b) => compare(label(a), label(b)));
  const byText = Map.groupBy(sorted, ({ text }) => tidy(text));
  const sections = [...byText].map(([text, those]) => {
    const labels = [...new Set(those.map(label))];
    return `${RULE}\n${labels.join("\n")}\n${"-".repeat(80)}\n${text}\n`;
  });
  return [INTRODUCTION, ...sections].join("\n");
}

const INTRODUCTION = `Third-party notices

kubectl-vouch is under the Apache License 2.0, in the file LICENSE. It includes the
work of others, listed here with the terms they come under.
`;

function label({ name, version, licence }: Notice): string {
  return `${name} ${version} (${licence})`;
}

/** By code units, not by the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
