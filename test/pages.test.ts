import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { commandLine } from "../plugin/cli.ts";
import type { CommandLine, Flag } from "../plugin/command-line/command-line.ts";
import { fakeApp } from "./support/fake-app.ts";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const { scripts } = JSON.parse(read("package.json")) as { readonly scripts: Record<string, string> };

/** Pages that say how the program is today. */
const PAGES = [
  ...fs.readdirSync(ROOT).filter((file) => file.endsWith(".md")),
  ...[".github", "doctor", "krew", "plugin", "test", "token"].flatMap((folder) =>
    fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).flatMap((file) => {
      const page = path.posix.join(folder, file);
      return /\.md$|ISSUE_TEMPLATE\//.test(page) && !page.includes("node_modules/") ? [page] : [];
    }),
  ),
];

/** What a page has in backticks, in blocks of code, and as an example in a form, a line each. */
function codeIn(page: string): string[] {
  const text = page.replaceAll(/^ *<!--.*-->$/gm, "");
  const blocks = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```$/gm)].map(([, block = ""]) => block);
  const spans = [
    ...text
      .replaceAll(/^ *```[\s\S]*?^ *```$/gm, "")
      .matchAll(/(?<=placeholder: )(kubectl vouch .+)|`([^`]+)`/g),
  ];
  const lines = blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n"));
  return [...lines, ...spans.map(([, example, span = example ?? ""]) => span.replaceAll(/\s*\n\s*/g, " "))];
}

const root = commandLine({ app: fakeApp({ home: "/nonexistent" }), color: "auto", exit: 0 });

/** A command of ours where one is typed, with the words behind it. */
const OURS = /(?:^|[$|&;] |\bnpx |=1 )kubectl[ -]vouch((?: +[^\s|&;#`]+)+)/g;

/** Whether the program takes what is typed behind its name. */
function isTaken(words: readonly string[]): boolean {
  let line: CommandLine = root;
  let values: Flag["takes"] = "nothing";
  let positionals = 0;
  for (const word of words) {
    if (word === "--" || /^[>…[]/.test(word)) return true;
    const [, name] = /^(--[a-z][a-z-]*|-[a-zA-Z])/.exec(word) ?? [];
    const flag = line.flags.find(({ spellings }) => spellings.some((spelling) => spelling === name));
    if (name !== undefined) {
      if (flag === undefined) return false;
      values = word === name ? flag.takes : "nothing";
    } else if (values !== "nothing") {
      if (values === "one") values = "nothing";
    } else {
      const next = line.behind(word);
      positionals += next === undefined ? 1 : 0;
      if (positionals > line.positionals.length) return false;
      line = next ?? line;
    }
  }
  return true;
}

/** Commands of ours and scripts of npm that are not there. */
function unknownCommands(page: string): string[] {
  return codeIn(page).flatMap((code) => [
    ...[...code.matchAll(OURS)].flatMap(([whole, words = ""]) =>
      isTaken(words.trim().split(/ +/)) ? [] : [whole],
    ),
    ...[...code.matchAll(/\bnpm run ([\w:]+)/g)].flatMap(([whole, name = ""]) =>
      Object.hasOwn(scripts, name) ? [] : [whole],
    ),
  ]);
}

/** A path in this repository; `plugin/pkg` is Kubernetes'. */
const PATH = /(?<![\w./~$-])(?:doctor|krew|plugin|test|token)\/(?!pkg\/)(?:[\w./*-]|\{[\w,]+\})*/g;

/** Files and folders of this repository that are not there; capitals stand for a name. */
function unknownPaths(page: string): string[] {
  return codeIn(page)
    .flatMap((code) => code.match(PATH) ?? [])
    .filter((name) => !/\b[A-Z]{3,}\b(?!\.md)/.test(name) && fs.globSync(name, { cwd: ROOT }).length === 0);
}

/** Links to files and headings of this repository that are not there. */
function brokenLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)].flatMap(
    ([link, name = "", anchor = ""]) => {
      const file = path.posix.join(path.posix.dirname(page), name || path.posix.basename(page));
      if (!fs.existsSync(path.join(ROOT, file))) return [link];
      return anchor === "" || anchorsOf(read(file)).includes(anchor) ? [] : [link];
    },
  );
}

/** The names that GitHub gives to headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the pages", () => {
  for (const page of PAGES)
    onPosix("paths", `${page} names commands, options, files and headings that there are`, () => {
      const text = read(page);
      assert.deepEqual([...unknownCommands(text), ...unknownPaths(text), ...brokenLinks(page, text)], []);
    });
});

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8");
}
