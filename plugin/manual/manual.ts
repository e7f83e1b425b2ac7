import { ourFolders } from "../../token/files/folders.ts";
import { SETTING_NAMES, settingKey } from "../../token/settings/setting-keys.ts";
import { configPath } from "../../token/settings/settings.ts";
import { SYSTEM_CONFIG } from "../../token/settings/system-config.ts";
import type { CommandLine, Example, Flag, Positional } from "../command-line/command-line.ts";
import { VARIABLES } from "./topics.ts";

/** Everything that the manual page is made of. */
interface ManualFacts {
  /** "0.1.0" */
  readonly version: string;
  /** Address of the repository, without a slash at its end. */
  readonly homepage: string;
  /** The whole program. */
  readonly root: CommandLine;
  /** Text of EXIT-STATUS.md. */
  readonly exitStatuses: string;
}

const PROGRAM = "kubectl vouch";

/**
 * The text of kubectl-vouch.1, the same bytes for the same facts.
 *
 * @throws Error when a text has characters that a manual page cannot.
 */
export function manualText(facts: ManualFacts): string {
  const { version, homepage, root } = facts;
  const lines = [
    `.TH "KUBECTL\\-VOUCH" "1" "" "kubectl\\-vouch ${plain(version)}" "User Commands"`,
    // Neither hyphenated nor justified, so that what is copied from it stays in one piece.
    ".nh",
    ".ad l",
    section("NAME"),
    `${plain("kubectl-vouch")} \\- ${plain("sign in to Amazon EKS with a security key, and diagnose denied access")}`,
    section("SYNOPSIS"),
    ...synopsis(),
    section("DESCRIPTION"),
    ...description(),
    section("OPTIONS"),
    ...paragraph(prose("Every command accepts these, before or after its name.")),
    ...shownFlags(root).flatMap(flagEntry),
    section("COMMANDS"),
    ...commands(root, []),
    section("SETTINGS"),
    ...settings(),
    section("FILES"),
    ...files(),
    section("ENVIRONMENT"),
    ...VARIABLES.flatMap(({ names, meaning }) => entry(names.map(bold).join(", "), prose(meaning))),
    section("EXIT STATUS"),
    ...exitStatuses(facts.exitStatuses),
    section("EXAMPLES"),
    ...EXAMPLES.flatMap(example),
    section("REPORTING BUGS"),
    ...paragraph(prose(`Bugs, with the command and its output with \`--debug\`: ${homepage}/issues`)),
    ...paragraph(prose(`Vulnerabilities, privately: ${homepage}/security/advisories/new`)),
    section("SEE ALSO"),
    ...paragraph(`${bold("kubectl")}(1), ${bold("aws")}(1)`),
    ...paragraph(prose(homepage)),
  ];
  return `${lines.join("\n")}\n`;
}

function synopsis(): string[] {
  const option = `[${placeholder("option")} ...]`;
  const command = `${placeholder("command")} ...`;
  return [
    `${bold(PROGRAM)} ${placeholder("command")} ${option}`,
    ".br",
    `${bold(`${PROGRAM} doctor`)} ${option} [${bold("--")} ${command}]`,
    ".br",
    `${bold(`${PROGRAM} exec`)} ${option} ${bold("--")} ${command}`,
    ".br",
    `${bold(`${PROGRAM} help`)} [${placeholder("command")}]`,
  ];
}

function description(): string[] {
  return [
    ...paragraph(
      prose(
        "Signs in to Amazon EKS with any AWS profile, or with a FIDO2 security key that you touch once a day,",
      ),
      prose(
        "through your organization's Vouch server. From then on, every kubectl command gets a token that",
      ),
      prose("is valid for minutes."),
    ),
    ...paragraph(
      prose(
        "When EKS returns Unauthorized or Forbidden, `kubectl vouch doctor` traces the whole call, shows the",
      ),
      prose(
        "broken link with evidence, and prints the commands that fix it. The doctor works with every EKS",
      ),
      prose("context, whatever its credential plugin."),
    ),
    ...paragraph(prose("`kubectl-vouch` is the same program, started without kubectl.")),
  ];
}

/** Each command with its options; a group is described by its commands. */
function commands(at: CommandLine, path: readonly string[]): string[] {
  return at.commands.flatMap(({ name, describe }) => {
    const words = [...path, name];
    const behind = at.behind(name);
    if (behind === undefined) throw new Error(`unknown command ${words.join(" ")}`);
    if (behind.commands.length > 0) return commands(behind, words);
    const title = [...words, ...behind.positionals.map(shownPositional)].join(" ");
    return [
      subsection(title),
      line(prose(sentence(describe))),
      ...behind.positionals.flatMap((positional) =>
        entry(placeholder(positional.name), prose(sentence(positional.describe))),
      ),
      ...shownFlags(behind)
        .filter(({ isGlobal }) => !isGlobal)
        .flatMap(flagEntry),
      ...behind.examples.flatMap(example),
    ];
  });
}

function shownFlags({ flags }: CommandLine): Flag[] {
  return flags.filter(({ isHidden }) => !isHidden);
}

function shownPositional({ name, isRequired }: Positional): string {
  return isRequired ? `<${name}>` : `[${name}]`;
}

/** `--output`, `-o` *text*|*json*, and its description below. */
function flagEntry(flag: Flag): string[] {
  const value =
    flag.choices.length > 0
      ? flag.choices.map(bold).join("|")
      : placeholder(flag.takes === "many" ? "value ..." : "value");
  const spellings = flag.spellings.map(bold).join(", ");
  const notes = [
    ...(flag.isRequired ? ["Required."] : []),
    ...(flag.default === undefined ? [] : [`Default: ${flag.default}.`]),
  ];
  return entry(
    flag.takes === "nothing" ? spellings : `${spellings} ${value}`,
    prose([sentence(flag.describe), ...notes].join(" ")),
  );
}

function example({ command, describe }: Example): string[] {
  return [
    ...(describe === "" ? [] : paragraph(prose(sentence(describe)))),
    ...verbatim([command.replaceAll("$0", PROGRAM)]),
  ];
}

/** With a full stop, which a line of help does not have. */
function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

function settings(): string[] {
  return [
    ...paragraph(
      prose(
        "Lines `name: value` in config.yaml, which `kubectl vouch config set` writes. An option or a variable",
      ),
      prose("overrides the file."),
    ),
    ...SETTING_NAMES.flatMap((name) => {
      const { meaning, form, stronger, default: value } = settingKey(name);
      return entry(
        bold(name),
        prose(meaning),
        prose(
          `Value: ${form}. Default: ${value}.${stronger === undefined ? "" : ` Overridden by: ${stronger}.`}`,
        ),
      );
    }),
  ];
}

function files(): string[] {
  const { config, state, keys } = ourFolders({ env: {}, platform: "linux", homeDir: "~" });
  return [
    ...entry(bold(configPath(config)), prose("Settings of the user.")),
    ...entry(
      bold(SYSTEM_CONFIG.file),
      prose(
        "Settings of the machine, which the user's settings override; owned by root and writable only by root.",
      ),
    ),
    ...entry(
      bold(state),
      prose("Session, cached tokens, records of `login` and `setup`, and the backups for `--undo`."),
    ),
    ...entry(bold(keys), prose("Secrets, if no keyring works; readable only by their owner.")),
    ...entry(bold("~/.kube/config"), prose("Where `setup eks` writes a context by default.")),
    ...entry(bold("~/.aws/config"), prose("Where `setup aws` writes profiles by default.")),
    ...paragraph(prose("On Windows they are in %APPDATA%\\kubectl-vouch and %LOCALAPPDATA%\\kubectl-vouch.")),
  ];
}

/** The table of EXIT-STATUS.md, and the text below it. */
function exitStatuses(page: string): string[] {
  const rows = page.split("\n").flatMap((row) => {
    const [, status = "", means = "", advice = ""] = row.split("|").map((cell) => cell.trim());
    return /^\d+$/.test(status) ? [{ status, means, advice }] : [];
  });
  const [, rest = ""] = page.split(/\|\n\n/);
  return [
    ...rows.flatMap(({ status, means, advice }) =>
      entry(bold(status), prose(advice === "" ? `${means}.` : `${means}; ${advice}.`)),
    ),
    ...paragraph(prose(rest.trim().replaceAll("\n", " "))),
  ];
}

/** A usual day, and a denied call. */
const EXAMPLES: readonly Example[] = [
  { command: "$0 enroll", describe: "Once: register yourself, in a browser" },
  { command: "$0 login", describe: "Once a day: PIN and touch" },
  { command: "$0 setup eks --cluster NAME", describe: "Once per cluster: context NAME-vouch" },
  { command: "kubectl --context NAME-vouch get pods", describe: "From then on" },
  { command: "$0 doctor -- get pods -n payments", describe: "Run it and explain why it fails" },
  {
    command: "$0 doctor --save case.json --redact",
    describe: "A case to share, without secrets, accounts and most names; read it first",
  },
];

/**
 * Text for `man`: the part of man(7) that groff and mandoc read alike. Only plain ASCII, and every character stands for itself,
 * so that a hyphen can be copied as one.
 */

/** Characters that roff would interpret, or print as typographic variants. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
  '"': "\\(dq",
  "…": "...",
};

/**
 * A text of one line, literally.
 *
 * @throws Error when it has a line break, or a character that is neither in ASCII nor in the table above.
 */
export function plain(text: string): string {
  if (!/^[\x20-\x7e…]*$/.test(text))
    throw new Error(`the manual page cannot represent ${JSON.stringify(text)}`);
  return text.replaceAll(/[-\\'`^~"…]/g, (letter) => ESCAPES[letter] ?? letter);
}

export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

/** A word that readers replace with a value of their own. */
export function placeholder(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** Prose with `code` between backticks. */
export function prose(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? plain(part) : bold(part)))
    .join("");
}

/** A line of text. One that begins with a dot would be a request. */
export function line(roff: string): string {
  return roff.startsWith(".") ? `\\&${roff}` : roff;
}

export function section(title: string): string {
  return `.SH "${plain(title)}"`;
}

function subsection(title: string): string {
  return `.SS "${plain(title)}"`;
}

/** A term, and below it what it means. */
export function entry(term: string, ...meaning: readonly string[]): string[] {
  return [".TP", line(term), ...meaning.map(line)];
}

/** Lines to copy, each literally, however long. */
export function verbatim(lines: readonly string[]): string[] {
  return [".PP", ".RS 4", ".nf", ...lines.map((text) => line(plain(text))), ".fi", ".RE"];
}

export function paragraph(...lines: readonly string[]): string[] {
  return [".PP", ...lines.map(line)];
}
