import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../plugin/cli.ts";
import { SCHEMAS } from "../../plugin/commands/options.ts";
import { fakeApp } from "../support/fake-app.ts";

const GOLDEN = path.resolve(import.meta.dirname, "..", "golden", "help");

/** `UPDATE_GOLDEN=1 npx mocha test/plugin/help.test.ts` rewrites the screens. */
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

async function help(command: readonly string[]): Promise<string> {
  const app = fakeApp({ home: "/nonexistent" });
  assert.equal(await run([...command, "--help"], app), 0);
  assert.equal(app.written.stderr, "");
  return app.written.stdout;
}

/** The commands that this help lists, with their way: `setup eks`. */
function listedCommands(text: string): string[][] {
  const [, list = ""] = text.split("\nCommands:\n");
  return [...(list.split("\n\n")[0] ?? "").matchAll(/^ {2}kubectl vouch ([a-z ]+?)(?: {2}| \[| <|$)/gm)].map(
    ([, words = ""]) => words.split(" "),
  );
}

async function allCommands(command: string[] = []): Promise<string[][]> {
  const listed = listedCommands(await help(command));
  return [command, ...(await Promise.all(listed.map(allCommands))).flat()];
}

describe("kubectl vouch … --help", () => {
  it("is, of every command, the screen in test/golden/help, and has examples", async () => {
    const commands = await allCommands();
    const screens = new Map<string, string>();
    for (const command of commands) {
      const text = await help(command);
      assert.match(text, /\nExamples:\n {2}\S/, `examples of ${command.join(" ")}`);
      screens.set(`${command.join("-") || "kubectl-vouch"}.txt`, text);
    }
    if (isUpdate) {
      fs.rmSync(GOLDEN, { recursive: true, force: true });
      fs.mkdirSync(GOLDEN, { recursive: true });
      for (const [name, text] of screens) fs.writeFileSync(path.join(GOLDEN, name), text);
    }
    assert.deepEqual(fs.readdirSync(GOLDEN).sort(), [...screens.keys()].sort());
    for (const [name, text] of screens) {
      assert.equal(text, fs.readFileSync(path.join(GOLDEN, name), "utf8"), name);
    }
  });

  it("knows its commands", async () => {
    const commands = (await allCommands()).map((command) => command.join(" "));
    const expected = [
      "login",
      "logout",
      "status",
      "setup aws",
      "setup eks",
      "credential aws",
      "credential eks",
      "token explain",
      "whoami",
      "version",
      "config view",
      "cache list",
      "cache clear",
      "completion bash",
      "completion zsh",
      "completion fish",
      "completion powershell",
      "completion install",
      "completion uninstall",
    ];
    assert.deepEqual(
      expected.filter((command) => !commands.includes(command)),
      [],
    );
  });

  for (const args of [
    ["help", "setup", "eks"],
    ["setup", "eks", "-h"],
    ["setup", "eks", "help"],
  ]) {
    it(`is shown by \`${args.join(" ")}\` too`, async () => {
      const app = fakeApp({ home: "/nonexistent" });
      assert.equal(await run(args, app), 0);
      assert.equal(app.written.stdout, await help(["setup", "eks"]));
    });
  }

  it("says which kinds a command prints, and where their schemas are", async () => {
    const told = new Map<string, string[]>();
    for (const command of await allCommands()) {
      const text = (await help(command)).replaceAll(/\s+/g, " ");
      const [, kinds] = /--output .*?Output format; json, yaml: ((?:\w+, )*\w+) \[choices/.exec(text) ?? [];
      assert.equal(kinds !== undefined, text.includes('"json"'), command.join(" "));
      assert.equal(text.includes(` ${SCHEMAS} `), kinds !== undefined, command.join(" "));
      if (kinds !== undefined) told.set(command.join(" "), kinds.split(", ").sort());
    }
    const published = fs.readFileSync(path.resolve(GOLDEN, "../../../schemas/README.md"), "utf8");
    const printed = new Map<string, string[]>();
    for (const [, kind = "", commands = ""] of published.matchAll(/^\| \[(\w+)\].*?\| (.*) \|$/gm))
      for (const [, command = ""] of commands.matchAll(/`(.*?)(?: --.*?)?`/g))
        printed.set(command, [...new Set([...(printed.get(command) ?? []), kind])].sort());
    assert.deepEqual(Object.fromEntries([...told].sort()), Object.fromEntries([...printed].sort()));
  });

  it("is as wide as the terminal, from 60 to 200 columns", async () => {
    for (const [columns, least, most] of [
      [20, 50, 60],
      [60, 50, 60],
      [100, 90, 100],
      [150, 130, 150],
      [200, 160, 200],
      [300, 160, 200],
    ] as const) {
      const app = fakeApp({ home: "/nonexistent", columns });
      await run(["setup", "eks", "--help"], app);
      const widest = Math.max(...app.written.stdout.split("\n").map((line) => line.length));
      assert.ok(widest <= most && widest > least, `${widest} columns of ${columns}`);
    }
  });

  it("is English whatever the machine speaks", async () => {
    const before = process.env["LC_ALL"];
    process.env["LC_ALL"] = "de_DE.UTF-8";
    try {
      assert.match(await help([]), /\nCommands:\n/);
    } finally {
      if (before === undefined) delete process.env["LC_ALL"];
      else process.env["LC_ALL"] = before;
    }
  });
});
