import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { commandLine } from "../../../plugin/cli.ts";
import type { CommandLine } from "../../../plugin/command-line/command-line.ts";
import { readTyped } from "../../../plugin/command-line/words.ts";
import { manualText } from "../../../plugin/manual/manual.ts";
import { VARIABLES } from "../../../plugin/manual/topics.ts";
import { EXIT } from "../../../token/errors/errors.ts";
import { SETTING_NAMES, settingKey } from "../../../token/settings/setting-keys.ts";
import { namesOnPage } from "../../steering/security-page.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { helpTexts } from "../../support/help-sheet.ts";
import { type ManualPage, type Part, readManualPage } from "../../support/manual-page.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

const root = () => commandLine({ app: fakeApp({ home: "/nonexistent" }), color: "auto", exit: 0 });

const text = (platform: NodeJS.Platform = "linux") =>
  manualText({
    version: "1.2.3-rc.1",
    homepage: "https://example.com/vouch",
    root: commandLine({
      app: fakeApp({ home: "/home/ada", platform, columns: 200, env: { SHELL: "/usr/bin/fish" } }),
      color: "always",
      exit: 0,
    }),
    exitStatuses: fs.readFileSync(path.join(ROOT, "plugin/EXIT-STATUS.md"), "utf8"),
  });

const ours = readManualPage(text());

function section(title: string, page: ManualPage = ours): Part {
  return page.sections.find((part) => part.title === title) ?? assert.fail(`there is no section ${title}`);
}

/** What `--help` shows of a command that is no group: its options as they are spelled, and the screen as one line. */
interface Screen {
  readonly title: string;
  readonly options: readonly string[];
  readonly line: string;
  /** The words of its examples; two columns come between them. */
  readonly examples: readonly string[];
}

/** The screens of test/golden/help.txt, which its own test holds to what the program says. */
const screens: readonly Screen[] = [...helpTexts().values()].map((screen) => {
  const options = /\n(?:Options|Global options):\n([\s\S]*?)\n\n/.exec(screen)?.[1] ?? "";
  return {
    title: (screen.split("\n", 1)[0] ?? "")
      .replace("kubectl vouch ", "")
      .replace(" [options] -- COMMAND", ""),
    options: [...options.matchAll(/^ {2}(?:(-\w), | {4})(--[a-z-]+)/gm)].flatMap(([, short, long = ""]) =>
      short === undefined ? [long] : [short, long],
    ),
    line: screen.replaceAll(/\s+/g, " ").replaceAll("`", "").replaceAll("…", "..."),
    examples: (screen.split("\nExamples:\n")[1] ?? "").split(/\s+/),
  };
});
const general = screens.find(({ title }) => title === "<command>") ?? assert.fail("no general help");
const leaves = screens.filter(({ line }) => !line.includes(" Commands: "));

function spellings({ entries }: Part): string[] {
  return entries.flatMap(({ term }) => term.match(/(?<![\w-])--?[a-zA-Z][a-z-]*/g) ?? []);
}

/** A description is followed by its choices or its default, by another entry, or by another section. */
function isOn({ line }: Screen, description: string): boolean {
  const [, behind] = line.split(` ${description} `, 2);
  return behind !== undefined && /^(?:\(|--|-\w, |[A-Z][a-z ]+:|value )/.test(behind);
}

/** Where the page and the help of the program differ, in words. */
function differences(page: ManualPage): string[] {
  const common = section("OPTIONS", page);
  const pairs = [
    { title: "the program", part: common, screen: general, options: general.options },
    ...leaves.map((screen) => ({
      title: screen.title,
      part: page.commands.find(({ title }) => title === screen.title),
      screen,
      options: screen.options,
    })),
  ];
  const extra = page.commands.filter(({ title }) => !leaves.some((leaf) => leaf.title === title));
  return [
    ...extra.map(({ title }) => `${title}: no such command`),
    ...pairs.flatMap(({ title, part, screen, options }) => {
      if (part === undefined) return [`${title}: missing`];
      const told = spellings(part);
      return [
        ...options.filter((option) => !told.includes(option)).map((option) => `${title}: ${option} missing`),
        ...told.filter((option) => !options.includes(option)).map((option) => `${title}: no such ${option}`),
        ...part.entries
          .filter((entry) => !isOn(screen, entry.text.replace(/\.(?: Required\.)?(?: Default: .*)?$/, "")))
          .map(({ term, text: said }) => `${title}: ${term} is not "${said}"`),
      ];
    }),
  ];
}

/** The page without the lines that `lines` matches. */
function without(lines: RegExp): ManualPage {
  const shorter = text().replace(lines, "");
  assert.notEqual(shorter, text());
  return readManualPage(shorter);
}

describe("the manual page", () => {
  it("is named by the version, and by no date", () => {
    assert.deepEqual(ours.head, ["KUBECTL-VOUCH", "1", "", "kubectl-vouch 1.2.3-rc.1", "User Commands"]);
  });

  it("has the sections of a manual page, in their order", () => {
    assert.deepEqual(
      ours.sections.map(({ title }) => title),
      [
        ...["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "SETTINGS", "FILES", "ENVIRONMENT"],
        ...["EXIT STATUS", "EXAMPLES", "REPORTING BUGS", "SEE ALSO"],
      ],
    );
    for (const { title, text: said, entries, verbatim } of ours.sections.filter(
      (one) => one.title !== "COMMANDS",
    ))
      assert.ok(said.length + entries.length + verbatim.length > 0, title);
  });

  it("has a name that apropos can find", () => {
    assert.match(section("NAME").text, /^kubectl-vouch - \S/);
  });

  it("has every command with every option, as --help has them", () => {
    assert.ok(leaves.length > 20, `${leaves.length}`);
    assert.deepEqual(differences(ours), []);
  });

  it("is found out when a command, an option or a word of it is missing, or is another", () => {
    assert.deepEqual(differences(without(/\.SS "setup eks"\n(?:(?!\.S[SH]).*\n)*/)), ["setup eks: missing"]);
    assert.deepEqual(differences(without(/\.TP\n.*\\-\\-save\b.*\n.*\n/)), ["doctor: --save missing"]);
    assert.deepEqual(differences(without(/ <value>(?=")/)).sort(), [
      "config set <setting> <value>: missing",
      "config set <setting>: no such command",
    ]);
    assert.deepEqual(differences(without(/(?<=Color the) text/)), [
      'the program: --color auto|always|never is not "Color the. Default: auto."',
    ]);
  });

  it("has the examples of each command", () => {
    for (const { title, verbatim } of ours.commands) {
      const { examples } = leaves.find((leaf) => leaf.title === title) ?? assert.fail(title);
      assert.ok(verbatim.length > 0, title);
      assert.deepEqual(
        verbatim.flatMap((command) => command.split(/\s+/)).filter((word) => !examples.includes(word)),
        [],
        title,
      );
    }
  });

  it("gives examples that the program understands", () => {
    const commands = section("EXAMPLES").verbatim.filter((command) => command.startsWith("kubectl vouch "));
    assert.ok(commands.length >= 4);
    for (const command of commands) {
      const { path: way, hasUnknown } = readTyped(root(), command.split(" ").slice(2));
      assert.ok(way.length > 0 && !hasUnknown, command);
    }
  });

  it("has every setting with its default", () => {
    assert.deepEqual(
      section("SETTINGS").entries.map(({ term }) => term),
      SETTING_NAMES,
    );
    for (const { term, text: said } of section("SETTINGS").entries) {
      const setting = settingKey(term as (typeof SETTING_NAMES)[number]);
      assert.ok(said.startsWith(setting.meaning), term);
      assert.ok(said.includes(` Default: ${setting.default}.`), term);
    }
  });

  it("has every exit status, once", () => {
    assert.deepEqual(
      section("EXIT STATUS").entries.map(({ term }) => Number(term)),
      Object.values(EXIT),
    );
    assert.match(section("EXIT STATUS").text, /kubectl turns every failure into 1/);
  });

  it("names the variables of ours and of the settings, and none that is not on the page of all", () => {
    const named = VARIABLES.flatMap(({ names }) => names);
    const known = namesOnPage();
    const ofSettings = SETTING_NAMES.flatMap((name) => settingKey(name).stronger?.match(/[A-Z_]{4,}/g) ?? []);
    const own = known.filter((name) => name.startsWith("VOUCH_"));
    assert.ok(own.length >= 3 && ofSettings.length >= 6);
    assert.deepEqual(
      [...own, ...ofSettings].filter((name) => !named.includes(name)),
      [],
    );
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
    assert.deepEqual(
      section("ENVIRONMENT").entries.map(({ term }) => term),
      VARIABLES.map(({ names }) => names.join(", ")),
    );
  });

  it("names our files", () => {
    assert.deepEqual(
      section("FILES").entries.map(({ term }) => term),
      [
        "~/.config/kubectl-vouch/config.yaml",
        "/etc/kubectl-vouch/config.yaml",
        "~/.local/state/kubectl-vouch",
        "~/.local/share/kubectl-vouch/keys",
        "~/.kube/config",
        "~/.aws/config",
      ],
    );
  });

  it("is the same whatever the machine", () => {
    assert.equal(text("win32"), text("linux"));
  });

  it("is not made of a command that is not there, nor of a text that it cannot say", () => {
    const none: CommandLine = {
      ...{ describe: "", synopsis: "", needsCommand: "", more: "", handler: undefined },
      ...{ commands: [], flags: [], positionals: [], examples: [], behind: () => undefined },
    };
    const make = (line: Partial<CommandLine>) =>
      manualText({ version: "1", homepage: "x", root: { ...none, ...line }, exitStatuses: "" });
    assert.throws(
      () => make({ commands: [{ name: "gone", words: "gone", describe: "" }] }),
      /unknown command gone/,
    );
    const commands = [{ name: "brew", words: "brew", describe: "Make caf\u00e9" }];
    assert.throws(() => make({ commands, behind: () => none }), /cannot represent "Make caf\u00e9/);
  });
});
