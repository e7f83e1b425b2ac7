import type {
  ArgumentsCamelCase,
  InferredOptionType,
  InferredOptionTypes,
  Options,
  PositionalOptions,
} from "yargs";

/** A command as its file declares it. */
export interface Command<T = object> {
  /** Its name, and the words that it takes: `set <setting> <value>`, `explain [token]`. */
  readonly command: string;
  readonly describe: string;
  readonly builder: (declare: Declaration) => Declaration<T>;
  /** Undefined for a group of commands. */
  readonly handler?: (options: ArgumentsCamelCase<T>) => Promise<void> | void;
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
