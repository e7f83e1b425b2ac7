import type { Argv } from "yargs";

/** An option of a command, as yargs was told of it. */
export interface Flag {
  /** `output` */
  readonly name: string;
  /** As it is typed, the long form first: `--output`, `-o`. */
  readonly spellings: readonly string[];
  readonly describe: string;
  /** None when any text will do. */
  readonly choices: readonly string[];
  /** Words that may follow it: none, one, or all up to the next option. */
  readonly takes: "nothing" | "one" | "many";
  readonly isRepeatable: boolean;
}

/** What may be typed behind the command words so far. */
export interface CommandLine {
  readonly commands: readonly { readonly name: string; readonly describe: string }[];
  readonly flags: readonly Flag[];
  /** Names of the words it takes, in order: `code`. */
  readonly positionals: readonly string[];
  /** The command line behind one of its commands; undefined when there is no such command. */
  readonly behind: (command: string) => CommandLine | undefined;
}

/** What yargs knows of itself and its types do not tell. Source: yargs 18, yargs-factory.js, usage.js and command.js. */
interface YargsInside {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly alias: Readonly<Record<string, readonly string[]>>;
    readonly choices: Readonly<Record<string, readonly string[]>>;
    readonly narg: Readonly<Record<string, number>>;
    readonly boolean: readonly string[];
    readonly array: readonly string[];
    readonly hiddenOptions: readonly string[];
  };
  getGroups(): Readonly<Record<string, readonly string[]>>;
  getInternalMethods(): {
    getUsageInstance(): {
      /** Those that are not hidden: `explain <code>` and its description. */
      getCommands(): readonly (readonly [string, string, ...unknown[]])[];
      getDescriptions(): Readonly<Record<string, string | undefined>>;
      getPositionalGroupName(): string;
    };
    getCommandInstance(): {
      getCommandHandlers(): Readonly<Record<string, { readonly builder: unknown }>>;
    };
    /** Forgets the commands, and keeps the options that hold for commands too. */
    reset(): YargsInside;
  };
}

/** The command line that such a yargs was told of. It is made again for each way that is gone: yargs forgets where it was. */
export function readCommandLine<T>(makeYargs: () => Argv<T>): CommandLine {
  return commandLine(() => makeYargs() as unknown as YargsInside);
}

/** What may be typed where the yargs that `make` makes stands. */
function commandLine(make: () => YargsInside): CommandLine {
  const yargs = make();
  const inside = yargs.getInternalMethods();
  const positionals = yargs.getGroups()[inside.getUsageInstance().getPositionalGroupName()] ?? [];
  return {
    commands: inside
      .getUsageInstance()
      .getCommands()
      .map(([usage, describe]) => ({ name: usage.split(" ", 1)[0] ?? "", describe })),
    flags: flagsOf(yargs).filter(({ name }) => !positionals.includes(name)),
    positionals,
    behind: (command) =>
      isCommand(yargs, command) ? commandLine(() => yargsBehind(make(), command)) : undefined,
  };
}

function isCommand(yargs: YargsInside, name: string): boolean {
  return Object.hasOwn(yargs.getInternalMethods().getCommandInstance().getCommandHandlers(), name);
}

function yargsBehind(yargs: YargsInside, command: string): YargsInside {
  const inside = yargs.getInternalMethods();
  const builder = inside.getCommandInstance().getCommandHandlers()[command]?.builder;
  inside.reset();
  if (typeof builder === "function") builder(yargs);
  return yargs;
}

function flagsOf(yargs: YargsInside): Flag[] {
  const { key, alias, choices, narg, boolean, array, hiddenOptions } = yargs.getOptions();
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
    }));
}

/** Marks a description of yargs' own, as of `--help`. */
const OWN_WORDS = /^__yargsString__:/;

function spelling(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
