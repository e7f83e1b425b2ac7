import type { Argv } from "yargs";

/** An option of a command, as declared to yargs. */
export interface Flag {
  /** `output` */
  readonly name: string;
  /** As it is typed, the long form first: `--output`, `-o`. */
  readonly spellings: readonly string[];
  readonly describe: string;
  /** Empty if any text will do. */
  readonly choices: readonly string[];
  /** Words that may follow it: none, one, or all up to the next option. */
  readonly takes: "nothing" | "one" | "many";
  readonly isRepeatable: boolean;
  readonly isRequired: boolean;
  /** Its default, for people; undefined if that is nothing, or no. */
  readonly default: string | undefined;
}

/** A word that a command takes. */
export interface Positional {
  /** `code` */
  readonly name: string;
  readonly describe: string;
  readonly isRequired: boolean;
}

/** A command line to copy, and its description, which may be empty. */
export interface Example {
  readonly command: string;
  readonly describe: string;
}

/** What may be typed after the command words so far. */
export interface CommandLine {
  readonly commands: readonly { readonly name: string; readonly describe: string }[];
  readonly flags: readonly Flag[];
  /** The words it takes, in order. */
  readonly positionals: readonly Positional[];
  /** Examples of a command; empty for the program as a whole. */
  readonly examples: readonly Example[];
  /** The command line after one of its commands; undefined if there is no such command. */
  readonly behind: (command: string) => CommandLine | undefined;
}

interface Handler {
  readonly builder: unknown;
  /** The positionals that it requires, each with its aliases. */
  readonly demanded: readonly { readonly cmd: readonly string[] }[];
}

/** What yargs has and its types do not declare. Source: yargs 18, yargs-factory.js, usage.js and command.js. */
interface YargsInside {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly alias: Readonly<Record<string, readonly string[]>>;
    readonly choices: Readonly<Record<string, readonly string[]>>;
    readonly narg: Readonly<Record<string, number>>;
    readonly boolean: readonly string[];
    readonly array: readonly string[];
    readonly hiddenOptions: readonly string[];
    readonly default: Readonly<Record<string, unknown>>;
    readonly defaultDescription: Readonly<Record<string, string | undefined>>;
  };
  getDemandedOptions(): Readonly<Record<string, unknown>>;
  getGroups(): Readonly<Record<string, readonly string[]>>;
  getInternalMethods(): {
    getUsageInstance(): {
      /** Those that are not hidden: `explain <code>` and its description. */
      getCommands(): readonly (readonly [string, string, ...unknown[]])[];
      getDescriptions(): Readonly<Record<string, string | undefined>>;
      getPositionalGroupName(): string;
      example(command: string, describe?: string): void;
    };
    getCommandInstance(): {
      getCommandHandlers(): Readonly<Record<string, Handler>>;
    };
    /** Forgets the commands, and keeps the global options. */
    reset(): YargsInside;
  };
}

/** Reads the command line that was declared to a yargs. It is made anew for each path, since yargs cannot go back. */
export function readCommandLine<T>(makeYargs: () => Argv<T>): CommandLine {
  return commandLine(() => ({ yargs: makeYargs() as unknown as YargsInside, examples: [], required: [] }));
}

/** A yargs after one command was declared to it, with what it cannot tell itself. */
interface Told {
  readonly yargs: YargsInside;
  readonly examples: readonly Example[];
  /** Names of the required positionals. */
  readonly required: readonly string[];
}

/** What may be typed at the point that the yargs from `make` has reached. */
function commandLine(make: () => Told): CommandLine {
  const { yargs, examples, required } = make();
  const usage = yargs.getInternalMethods().getUsageInstance();
  const descriptions = usage.getDescriptions();
  const positionals = yargs.getGroups()[usage.getPositionalGroupName()] ?? [];
  return {
    commands: usage
      .getCommands()
      .map(([words, describe]) => ({ name: words.split(" ", 1)[0] ?? "", describe })),
    flags: flagsOf(yargs).filter(({ name }) => !positionals.includes(name)),
    positionals: positionals.map((name) => ({
      name,
      describe: descriptions[name] ?? "",
      isRequired: required.includes(name),
    })),
    examples,
    behind: (command) =>
      isCommand(yargs, command) ? commandLine(() => toldOf(make().yargs, command)) : undefined,
  };
}

function isCommand(yargs: YargsInside, name: string): boolean {
  return Object.hasOwn(yargs.getInternalMethods().getCommandInstance().getCommandHandlers(), name);
}

/** yargs shows its examples only in its help, so they are recorded while the command is declared. */
function toldOf(yargs: YargsInside, command: string): Told {
  const inside = yargs.getInternalMethods();
  const { builder, demanded = [] } = inside.getCommandInstance().getCommandHandlers()[command] ?? {};
  inside.reset();
  const examples: Example[] = [];
  inside.getUsageInstance().example = (words, describe = "") => examples.push({ command: words, describe });
  if (typeof builder === "function") builder(yargs);
  return { yargs, examples, required: demanded.flatMap(({ cmd }) => cmd) };
}

function flagsOf(yargs: YargsInside): Flag[] {
  const options = yargs.getOptions();
  const { key, alias, choices, narg, boolean, array, hiddenOptions } = options;
  const demanded = yargs.getDemandedOptions();
  const descriptions = yargs.getInternalMethods().getUsageInstance().getDescriptions();
  const aliases = new Set(Object.values(alias).flat());
  return Object.keys(key)
    .filter((name) => !aliases.has(name) && !hiddenOptions.includes(name))
    .map((name) => ({
      name,
      spellings: [...new Set([name, ...(alias[name] ?? [])])].map(spelling),
      describe: (descriptions[name] ?? "").replace(OWN_WORDS, ""),
      choices: [...new Set(choices[name] ?? [])],
      takes: boolean.includes(name) ? "nothing" : array.includes(name) && narg[name] !== 1 ? "many" : "one",
      isRepeatable: array.includes(name),
      isRequired: Object.hasOwn(demanded, name),
      default: options.defaultDescription[name] ?? shownDefault(options.default[name]),
    }));
}

function shownDefault(value: unknown): string | undefined {
  return value === undefined || value === false ? undefined : String(value);
}

/** Marks yargs' own descriptions, such as that of `--help`. */
const OWN_WORDS = /^__yargsString__:/;

function spelling(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
