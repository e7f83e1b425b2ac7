import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../plugin/cli.ts";
import { SCHEMAS } from "../../plugin/command-line/command-line.ts";
import { fakeApp } from "../support/fake-app.ts";
import { HELP_SHEET } from "../support/help-sheet.ts";

const SCHEMAS_PAGE = path.resolve(import.meta.dirname, "..", "..", "plugin", "schemas", "README.md");

/** `UPDATE_GOLDEN=1 npx mocha test/plugin/help.test.ts` rewrites the sheet. */
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

async function help(command: readonly string[]): Promise<string> {
  const app = fakeApp({ home: "/nonexistent" });
  assert.equal(await run([...command, "--help"], app), 0);
  assert.equal(app.written.stderr, "");
  return app.written.stdout;
}

/** The commands that this help lists, with their way: `setup eks`. */
function listedCommands(text: string): string[] {
  const [, list = ""] = text.split("\nCommands:\n");
  return [...(list.split("\n\n")[0] ?? "").matchAll(/^ {2}kubectl vouch ([a-z ]+?)(?: {2}| \[| <|$)/gm)].map(
    ([, words = ""]) => words,
  );
}

describe("kubectl vouch … --help", () => {
  /** By command, those of a group after the group. */
  const texts = new Map<string, string>();
  before(async () => {
    const add = async (command: string) => {
      const text = await help(command.split(" ").filter(Boolean));
      texts.set(command, text);
      for (const listed of listedCommands(text)) await add(listed);
    };
    await add("");
  });

  it("is, of every command, what the sheet in test/golden shows", () => {
    const sheet = [...texts]
      .map(
        ([command, text]) => `$ ${["kubectl vouch", command, "--help"].filter(Boolean).join(" ")}\n${text}`,
      )
      .join("\n");
    if (isUpdate) fs.writeFileSync(HELP_SHEET, sheet);
    assert.equal(sheet, fs.readFileSync(HELP_SHEET, "utf8"));
  });

  it("has examples for every command", () => {
    for (const [command, text] of texts) assert.match(text, /\nExamples:\n {2}\S/, command);
  });

  for (const args of [
    ["help", "setup", "eks"],
    ["setup", "eks", "-h"],
    ["setup", "eks", "help"],
  ]) {
    it(`is shown by \`${args.join(" ")}\` too`, async () => {
      const app = fakeApp({ home: "/nonexistent" });
      assert.equal(await run(args, app), 0);
      assert.equal(app.written.stdout, texts.get("setup eks"));
    });
  }

  it("says which kinds a command prints, and where their schemas are", () => {
    const told = new Map<string, string[]>();
    for (const [command, screen] of texts) {
      const text = screen.replaceAll(/\s+/g, " ");
      const [, kinds] = /--output .*?Output format; json, yaml: ((?:\w+, )*\w+) \(/.exec(text) ?? [];
      assert.equal(kinds !== undefined, text.includes("(text, "), command);
      assert.equal(text.includes(` ${SCHEMAS} `), kinds !== undefined, command);
      if (kinds !== undefined) told.set(command, kinds.split(", ").sort());
    }
    const published = fs.readFileSync(SCHEMAS_PAGE, "utf8");
    const printed = new Map<string, string[]>();
    for (const [, kind = "", commands = ""] of published.matchAll(/^\| \[(\w+)\].*?\| (.*) \|$/gm))
      for (const [, command = ""] of commands.matchAll(/`(.*?)(?: --.*?)?`/g))
        printed.set(command, [...new Set([...(printed.get(command) ?? []), kind])].sort());
    assert.deepEqual(Object.fromEntries([...told].sort()), Object.fromEntries([...printed].sort()));
  });

  for (const words of [["setup", "eks"], ["doctor"]])
    it(`of ${words.join(" ")} is under 60 lines at 100 columns`, async () => {
      const app = fakeApp({ home: "/nonexistent", columns: 100 });
      await run([...words, "--help"], app);
      assert.ok(app.written.stdout.trimEnd().split("\n").length < 60);
    });

  it("lists options in groups, the common ones first and the global ones last", () => {
    for (const command of ["setup eks", "doctor"]) {
      const text = texts.get(command) ?? "";
      const [first, ...more] = [...text.matchAll(/^(\w.*):\n/gm)].map(([, heading]) => heading);
      assert.equal(first, "Options");
      assert.ok(more.length >= 4 && more.at(-1) === "Examples", more.join());
      assert.match(text, /\n\nGlobal options: --color, .*\nSchemas: \S+\n$/);
    }
  });

  it("is as wide as the terminal, from 60 to 200 columns", async () => {
    for (const [columns, least, most] of [
      [20, 50, 60],
      [60, 50, 60],
      [100, 90, 100],
      [150, 120, 150],
      [200, 120, 200],
      [300, 120, 200],
    ] as const) {
      const app = fakeApp({ home: "/nonexistent", columns });
      await run(["setup", "eks", "--help"], app);
      const isToCopy = (line: string) => /^ {2}kubectl|https:/.test(line);
      const lines = app.written.stdout.split("\n").filter((line) => !isToCopy(line));
      const widest = Math.max(...lines.map((line) => line.length));
      assert.ok(widest <= most && widest > least, `${widest} columns of ${columns}`);
    }
  });
});
