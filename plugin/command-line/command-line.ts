import type {
  ArgumentsCamelCase,
  InferredOptionType,
  InferredOptionTypes,
  Options,
  PositionalOptions,
} from "yargs";

/** What a command gets for options that are declared in one place. */
export type GivenFor<O extends Readonly<Record<string, Options>>> = {
  readonly [K in keyof O as CamelCase<K>]: InferredOptionType<O[K]>;
};

type CamelCase<S> = S extends `${infer Word}-${infer More}` ? `${Word}${Capitalize<CamelCase<More>>}` : S;

/** An option of a command. */
export interface Flag {
  /** `output` */
  readonly name: string;
  /** As it is typed, the long form first: `--output`, `-o`. */
  readonly spellings: readonly string[];
  readonly describe: string;
  /** Empty if any text will do. */
  readonly choices: readonly string[];
  /** Words that can follow it: none, one, or all up to the next option. */
  readonly takes: "nothing" | "one" | "many";
  readonly isRepeatable: boolean;
  readonly isRequired: boolean;
  /** Its default, as shown to users; undefined if that is nothing or false. */
  readonly default: string | undefined;
  /** Every command takes it. */
  readonly isGlobal: boolean;
  /** Accepted, but not shown anywhere. */
  readonly isHidden: boolean;
  readonly declared: Options;
}

/** Where the schemas of `-o json` are: the last line of the help of each command that prints objects. */
export const SCHEMAS = "Schemas: https://github.com/kubectl-vouch/kubectl-vouch/tree/main/plugin/schemas";

/** A word that a command takes. */
interface Positional {
  /** `code` */
  readonly name: string;
  readonly describe: string;
  readonly isRequired: boolean;
}

/** A command line to copy, and its description, which may be empty. */
interface Example {
  readonly command: string;
  readonly describe: string;
}

/** What can be typed after the command words so far. */
export interface CommandLine {
  readonly describe: string;
  /** What follows the program's name in the first line of the help: `config set <setting> <value>`. */
  readonly synopsis: string;
  readonly commands: readonly { readonly name: string; readonly words: string; readonly describe: string }[];
  /** Its own, then those of every command. */
  readonly flags: readonly Flag[];
  /** The words it takes, in order. */
  readonly positionals: readonly Positional[];
  readonly examples: readonly Example[];
  /** Said when a group is given no command. */
  readonly needsCommand: string;
  /** The last line of its help. */
  readonly more: string;
  /** Undefined for a group of commands. */
  readonly handler: Command["handler"];
  /** The command line after one of its commands; undefined if there is no such command. */
  readonly behind: (command: string) => CommandLine | undefined;
}

/** The program as a whole. Each command is declared only when it is asked for. */
export function commandLineOf(root: Command, globals: Readonly<Record<string, Options>>): CommandLine {
  const shared = Object.entries(globals).map(([name, declared]) => flagOf(name, declared, true));
  return lineOf(root, shared, []);
}

function lineOf(command: Command, globals: readonly Flag[], path: readonly string[]): CommandLine {
  const declaration = command.builder(new Declaration());
  const { commands, declared, positionals, examples, needsCommand, more } = declaration;
  const [, ...words] = command.command.split(" ");
  return {
    describe: command.describe,
    synopsis: declaration.synopsis ?? [...path, ...words].join(" "),
    commands: commands.map(({ command: named, describe }) => ({
      name: nameOf(named),
      words: named,
      describe,
    })),
    flags: [...[...declared].map(([name, option]) => flagOf(name, option, false)), ...globals],
    positionals: [...positionals].map(([name, { describe = "", demandOption }]) => ({
      name,
      describe,
      isRequired: demandOption === true || words.includes(`<${name}>`),
    })),
    examples,
    needsCommand,
    more: declared.has("output") ? SCHEMAS : more,
    handler: command.handler,
    behind: (name) => {
      const next = commands.find((one) => nameOf(one.command) === name);
      return next && lineOf(next, globals, [...path, name]);
    },
  };
}

function nameOf(command: string): string {
  return command.split(" ", 1)[0] ?? "";
}

function flagOf(name: string, declared: Options, isGlobal: boolean): Flag {
  const { alias, array, choices = [], default: usual, nargs, type } = declared;
  return {
    name,
    spellings: [name, ...[alias ?? []].flat()].map(spelling),
    describe: declared.describe ?? "",
    choices: choices.map(String),
    takes: type === "boolean" ? "nothing" : array === true && nargs !== 1 ? "many" : "one",
    isRepeatable: array === true,
    isRequired: declared.demandOption === true,
    default: declared.defaultDescription ?? shownDefault(usual),
    isGlobal,
    isHidden: declared.hidden === true,
    declared,
  };
}

function shownDefault(value: unknown): string | undefined {
  return value === undefined || value === false ? undefined : String(value);
}

function spelling(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** A command as its file declares it. */
export interface Command<T = object> {
  /** Its name, and the words that it takes: `set <setting> <value>`, `explain [token]`. */
  readonly command: string;
  readonly describe: string;
  readonly builder: (declare: Declaration) => Declaration<T>;
  /** Undefined for a group of commands. */
  readonly handler?: (options: ArgumentsCamelCase<T>) => Promise<void> | void;
}

/** A command; the type of its options follows from what it declares. */
export function defineCommand<T>(command: Command<T>): Command<T> {
  return command;
}

/** What a command takes, as its file declares it; the type collects the options. */
export class Declaration<T = object> {
  readonly commands: Command[] = [];
  readonly declared = new Map<string, Options>();
  readonly positionals = new Map<string, PositionalOptions>();
  readonly examples: { readonly command: string; readonly describe: string }[] = [];
  /** Said when a group is given no command. */
  needsCommand = "";
  /** What follows the program's name in the first line of the help, where it is not what the declaration says. */
  synopsis: string | undefined;
  /** The last line of the help. */
  more = "";
  /** For the compiler only; it is never set. */
  declare readonly describes?: T;

  command<U>(command: Command<U>): this {
    this.commands.push(command as unknown as Command);
    return this;
  }

  option<const K extends string, const O extends Options>(
    name: K,
    option: O,
  ): Declaration<T & { [P in K]: InferredOptionType<O> }> {
    this.declared.set(name, option);
    return this as unknown as Declaration<T & { [P in K]: InferredOptionType<O> }>;
  }

  options<const O extends Readonly<Record<string, Options>>>(
    options: O,
  ): Declaration<T & InferredOptionTypes<O>> {
    for (const [name, option] of Object.entries(options)) this.declared.set(name, option);
    return this as unknown as Declaration<T & InferredOptionTypes<O>>;
  }

  positional<const K extends string, const O extends PositionalOptions>(
    name: K,
    option: O,
  ): Declaration<T & { [P in K]: InferredOptionType<O> }> {
    this.positionals.set(name, option);
    return this as unknown as Declaration<T & { [P in K]: InferredOptionType<O> }>;
  }

  /** `$0` stands for the program. */
  example(command: string, describe: string): this {
    this.examples.push({ command, describe });
    return this;
  }

  usage(synopsis: string): this {
    this.synopsis = synopsis;
    return this;
  }

  epilogue(text: string): this {
    this.more = text;
    return this;
  }

  demandCommand(message: string): this {
    this.needsCommand = message;
    return this;
  }
}
