import { EXIT } from "../../token/errors/errors.ts";
import { isPrintable as isShownAsItIs, shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { CommandLine, Flag } from "../command-line/command-line.ts";
import { readTyped, splitFlag, type TypedWords } from "../command-line/words.ts";
import { type Candidate, type Candidates, KnownThings } from "./known-things.ts";

/** Cobra's directives for the shell: whether to name files if there is no candidate. */
const DIRECTIVES = { files: 0, noFiles: 4 } as const;

/**
 * Answers `kubectl-vouch __complete WORD… TYPED` as Cobra does, which is what kubectl asks of a plugin: one candidate per line,
 * with its description after a tab, and a directive at the end. It never fails and prints nothing on stderr, which would
 * overwrite what is being typed.
 * Source: plugin/KUBECTL.md, "Completion"; cobra, completions.go.
 */
export async function complete(
  words: readonly string[],
  { app, commands }: { readonly app: App; readonly commands: () => CommandLine },
): Promise<number> {
  try {
    const root = commands();
    app.io.out(answer(await candidatesFor(root, withoutHelp(words), valuesOn(app))));
  } catch {
    // An error would overwrite what is being typed: pressing TAB just gives no candidates.
  }
  return EXIT.ok;
}

/** `help setup eks` is `setup eks --help`. */
function withoutHelp(words: readonly string[]): readonly string[] {
  return words[0] === "help" && words.length > 1 ? words.slice(1) : words;
}

function answer(candidates: Candidates): string {
  if (candidates === "files") return `:${DIRECTIVES.files}\n`;
  return [...candidates.filter(isPrintable).map(asLine), `:${DIRECTIVES.noFiles}\n`].join("\n");
}

/** Nothing in a file may pass for another candidate, or control the terminal that shows it. */
function isPrintable({ value }: Candidate): boolean {
  return isShownAsItIs(value);
}

function asLine({ value, describe = "" }: Candidate): string {
  return describe === "" ? value : `${value}\t${shown(describe.replaceAll(/\s+/g, " "))}`;
}

/** The values of an option or a positional of this name, besides its choices. */
type ValuesOf = (name: string, given: TypedWords["given"]) => Promise<Candidates>;

/**
 * The completions of the last word. For `--output=js` that is the value alone, as in Cobra.
 * Source: spf13/cobra, completions.go; plugin/KUBECTL.md, "Completion".
 */
export async function candidatesFor(
  root: CommandLine,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<Candidates> {
  const typed = readTyped(root, words.slice(0, -1));
  const current = words.at(-1) ?? "";
  if (typed.isBehindDashes) return "files";
  const values = (flag: Flag, begun: string) => flagValues(flag, { begun, typed, valuesOf });

  if (typed.waiting?.takes === "one") return values(typed.waiting, current);
  if (current.startsWith("-")) {
    const glued = gluedValue(typed.line.flags, current);
    if (glued !== undefined) return behind(glued.letter, await values(glued.flag, glued.value));
    const { flag, value } = splitFlag(typed.line.flags, current);
    if (value === undefined) return beginningWith(current, flagNames(typed));
    return flag === undefined || flag.takes === "nothing" ? [] : values(flag, value);
  }
  if (typed.waiting !== undefined) return values(typed.waiting, current);
  return wordsFor(typed, current, valuesOf);
}

/** `-ojs` is the letter and the beginning of its value. */
function gluedValue(flags: readonly Flag[], word: string) {
  const [letter, value] = [word.slice(0, 2), word.slice(2)];
  const flag = flags.find(({ spellings, takes }) => takes !== "nothing" && spellings.includes(letter));
  return flag === undefined || value === "" || value.startsWith("=") ? undefined : { letter, value, flag };
}

function behind(letter: string, values: Candidates): Candidates {
  return values === "files"
    ? values
    : values.map(({ value, ...rest }) => ({ value: letter + value, ...rest }));
}

/** Commands, or the command's positionals; options if there is nothing else to type. */
async function wordsFor(typed: TypedWords, current: string, valuesOf: ValuesOf): Promise<Candidates> {
  const { line, positionals, given } = typed;
  const positional = line.positionals[positionals];
  if (positional !== undefined) {
    const values = await valuesOf(positional.name, given);
    return values === "files" ? values : beginningWith(current, values);
  }
  if (line.commands.length > 0) {
    const commands = positionals > 0 ? [] : line.commands;
    return beginningWith(
      current,
      commands.map(({ name, describe }) => ({ value: name, describe })),
    );
  }
  return current === "" ? flagNames(typed).filter(({ value }) => value.startsWith("--")) : [];
}

function flagNames({ line, given }: TypedWords): Candidate[] {
  return line.flags
    .filter(({ name, isHidden, isRepeatable }) => !isHidden && (isRepeatable || !given.has(name)))
    .flatMap(({ spellings, describe }) => spellings.map((value) => ({ value, describe })));
}

interface ValueInput {
  /** The value as far as it is typed. */
  readonly begun: string;
  readonly typed: TypedWords;
  readonly valuesOf: ValuesOf;
}

async function flagValues(
  { name, choices }: Flag,
  { begun, typed, valuesOf }: ValueInput,
): Promise<Candidates> {
  const values = choices.length > 0 ? choices.map((value) => ({ value })) : await valuesOf(name, typed.given);
  if (values === "files") return values;
  return COMMA_LISTS.includes(name) ? listItems(begun, values) : beginningWith(begun, values);
}

/** Options that take several values in one word, separated by commas. */
const COMMA_LISTS = ["only", "skip", "regions"];

/** `E3,E` may become `E3,E4`, but not `E3,E3`. */
function listItems(begun: string, values: readonly Candidate[]): Candidate[] {
  const before = begun.split(",").slice(0, -1);
  const items = values.filter(({ value }) => !before.includes(value));
  return beginningWith(
    begun,
    items.map(({ value, ...rest }) => ({ value: [...before, value].join(","), ...rest })),
  );
}

function beginningWith(begun: string, candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ value }) => {
    const isNew = value !== "" && !seen.has(value);
    seen.add(value);
    return isNew && value.startsWith(begun);
  });
}

type Source = (known: KnownThings) => Candidates | Promise<Candidates>;

const files: Source = () => "files";
const selectable: Source = async () => (await import("./finding-names.ts")).selectableNames();

/** Where values come from, by the name of the option or positional, which means the same in all commands. */
export const VALUE_SOURCES: Readonly<Record<string, Source>> = {
  context: (known) => known.contexts(),
  namespace: (known) => known.namespaces(),
  cluster: (known) => known.clusters(),
  "cluster-name": (known) => known.clusters(),
  profile: (known) => known.profiles(),
  "describe-profile": (known) => known.profiles(),
  region: (known) => known.regions(),
  "sso-start-url": (known) => known.startUrls(),
  "sso-region": (known) => known.centerRegions(),
  regions: (known) => [{ value: "all", describe: "every region" }, ...known.regions()],
  role: (known) => known.roles(),
  "agent-role": (known) => known.roles(),
  via: (known) => known.roles(),
  server: (known) => known.servers(),
  account: (known) => known.accounts(),
  kubeconfig: files,
  evidence: files,
  save: files,
  only: selectable,
  skip: selectable,
  setting: async () =>
    (await import("../../token/settings/setting-keys.ts")).SETTING_NAMES.map((value) => ({ value })),
  code: async () => (await import("./finding-names.ts")).explainableNames(),
};

/**
 * Values from the files on this machine: no network, no keyring, no session. A name that some shell could read otherwise is not
 * offered: kubectl's own script for bash expands what we print, and runs a `$(…)` in it up to 1.32.
 */
function valuesOn(app: App): ValuesOf {
  return async (name, given) => {
    const source = Object.hasOwn(VALUE_SOURCES, name) ? VALUE_SOURCES[name] : undefined;
    const values = (await source?.(new KnownThings(app, given.get("kubeconfig")?.at(-1)))) ?? [];
    return values === "files" ? values : values.filter(isUnmistakable).map(withoutExpansions);
  };
}

/** Whether bash, zsh, fish and PowerShell leave it as it is, wherever it stands. */
function isUnmistakable({ value }: Candidate): boolean {
  return /^\w[\w.:/@+=-]*$/.test(value) && !/[:=]=/.test(value);
}

function withoutExpansions({ value, describe }: Candidate): Candidate {
  return { value, describe: describe?.replaceAll(/[$`\\<>]/g, "") };
}
