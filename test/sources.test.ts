import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** A page of this repository, with the headings that are cited of it. */
const PAGE = /((?:[\w.-]+\/)*[A-Z][A-Z-]*\.md)\b((?:,? (?:and |to )?"[^"]+"|,? steps? [\d, and]+)*)/g;

/** A file in one of our folders, but not the path behind the name of a repository: `client-go, plugin/pkg/client`. */
const FILE = /(?<![\w./~@-]|, )(?:doctor|krew|plugin|test|token)\/[\w./-]*\.(?:ts|mjs|c|h)\b/g;

/** What makes a source one that can be looked up: a name in capitals, a number, a path or address, or words quoted from it. */
const CAN_BE_LOOKED_UP = /[A-Z\d/#"`]|\w\.\w/;

/** What is wrong with the citations of one file. What else a page names is checked by test/pages.test.ts. */
function problems(file: string): string[] {
  const text = read(file);
  const found = file.endsWith(".md")
    ? citationProblems(file, withoutLinks(text))
    : comments(text).flatMap((paragraph) => [
        ...citationProblems(file, paragraph),
        ...fileProblems(file, paragraph),
      ]);
  return found.map((problem) => `${file}: ${problem}`);
}

function citationProblems(file: string, paragraph: string): string[] {
  return [...pageProblems(file, paragraph), ...sourceProblems(paragraph)];
}

/** Pages that are not there, and headings that they do not have. */
function pageProblems(file: string, paragraph: string): string[] {
  return [...paragraph.matchAll(PAGE)].flatMap(([, page = "", rest = ""]) => {
    const found = resolve(file, page);
    if (found === undefined) return [`no page ${page}`];
    const headings = new Set(read(found).match(/(?<=^#+ ).+$/gm));
    return [...rest.matchAll(/"([^"]+)"/g)]
      .filter(([, heading = ""]) => !headings.has(heading))
      .map(([, heading]) => `${page} has no heading ${heading}`);
  });
}

/** Files that are not there. */
function fileProblems(file: string, paragraph: string): string[] {
  return (paragraph.match(FILE) ?? [])
    .filter((cited) => resolve(file, cited) === undefined)
    .map((cited) => `no file ${cited}`);
}

/** Sources that say nothing that could be looked up. */
function sourceProblems(paragraph: string): string[] {
  return [...paragraph.matchAll(/\b(?:Source|Vector)s?(?: of [a-z ]+)?: (.*?)(?=\bSource: |$)/g)]
    .map(([, cited = ""]) => cited)
    .filter((cited) => !CAN_BE_LOOKED_UP.test(cited))
    .map((cited) => `cannot be looked up: ${cited}`);
}

/** A file as it is cited: from the folder of the one who cites it, or from one above. */
function resolve(file: string, cited: string): string | undefined {
  for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
    const candidate = path.posix.join(folder, cited);
    if (fs.statSync(path.join(ROOT, candidate), { throwIfNoEntry: false })?.isFile()) {
      return candidate;
    }
    if (folder === ".") return undefined;
  }
}

/** The comments of a source, each paragraph in one line. */
function comments(text: string): string[] {
  return (text.match(/^[ \t]*\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|(?<=\s)\/\/ .*$/gm) ?? []).flatMap(
    (comment) =>
      comment
        .replaceAll(/^[ \t]*(?:\/\*\*?|\*\/|\*|\/\/) ?|\*\/$/gm, "")
        .split(/\n\s*\n/)
        .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ").trim()),
  );
}

function withoutLinks(text: string): string {
  return text
    .replaceAll(/\[[^\]]*\]\(([^)]*)\)/g, "$1")
    .replaceAll("`", "")
    .replaceAll(/\s*\n\s*/g, " ");
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8");
}

function citingFiles(): string[] {
  const folders = ["doctor", "krew", "plugin", "test", "token"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(folder, file)),
  );
  const tops = fs.readdirSync(ROOT).filter((file) => file.endsWith(".md"));
  return [...folders, ...tops].filter(
    (file) => /\.(?:ts|mjs|js|c|h|md)$/.test(file) && !file.includes("node_modules/"),
  );
}

describe("what comments and pages rely on", () => {
  onPosix(
    "paths",
    "is a file of this repository and a heading in it, or something that can be looked up",
    () => {
      const files = citingFiles();
      assert.deepEqual(files.flatMap(problems), []);
      assert.ok(files.length > 1000);
    },
  );
});
