/**
 * Commands that we print for someone to paste, as data. Nothing in them is quoted: a renderer does that once, at the end, and
 * for one shell (`render-command.ts`). A rendered command is never parsed again.
 */
export type Command = Run | Pipe | WriteFile | SetVariable | UnsetVariables;

/** One program, run once. */
export interface Run {
  readonly kind: "run";
  readonly program: string;
  /** Subcommands and fixed flags: words of ours, or of the user who reads the command; never a value. */
  readonly verb: readonly string[];
  readonly options: Options;
  /** Values without a name. */
  readonly operands: readonly Value[];
  readonly onWindows?: WindowsWords;
}

/** Program and verb in the shells of Windows, where they are others; without words for cmd.exe, it starts PowerShell. */
type WindowsWords = string | { readonly powershell: string; readonly cmd?: string };

/** By name, without dashes, in printing order; a one-letter name is a short option. Undefined ones are left out. */
export type Options = Readonly<Record<string, OptionValue | undefined>>;

/** `true` is a flag without a value; a list is several values of one option. */
export type OptionValue = Value | true | readonly string[];

export type Value = string | ContentOf | UnderHome;

/** The contents of a file, for a tool that reads `file://NAME`. */
interface ContentOf {
  readonly contentOf: string;
}

/** A path in the home folder of the user who pastes the command. */
interface UnderHome {
  readonly underHome: string;
}

/** The output of each is the input of the next. */
interface Pipe {
  readonly kind: "pipe";
  readonly runs: readonly Run[];
}

/** Writes a program's output to a file, replacing its contents. */
interface WriteFile {
  readonly kind: "write-file";
  readonly run: Run;
  readonly file: string;
}

/** For this shell and the programs that it starts. */
export interface SetVariable {
  readonly kind: "set-variable";
  readonly name: string;
  readonly value: string;
}

interface UnsetVariables {
  readonly kind: "unset-variables";
  readonly names: readonly string[];
}

/** `run("aws", "eks describe-cluster", { name, region })` */
export function run(program: string, verb = "", options: Options = {}, ...operands: readonly Value[]): Run {
  return { kind: "run", program, verb: verb.split(" ").filter((word) => word !== ""), options, operands };
}

/** A command line that a user typed, to be typed again. */
export function typed(words: readonly string[]): Run {
  const [program = "", ...verb] = words;
  return { kind: "run", program, verb, options: {}, operands: [] };
}

export function pipe(...runs: readonly Run[]): Pipe {
  return { kind: "pipe", runs };
}

export function writeFile(from: Run, file: string): WriteFile {
  return { kind: "write-file", run: from, file };
}

export function setVariable(name: string, value: string): SetVariable {
  return { kind: "set-variable", name, value };
}

export function unsetVariables(...names: readonly string[]): UnsetVariables {
  return { kind: "unset-variables", names };
}

/** A command of ours: `ours("login", { server })`. */
export function ours(verb: string, options: Options = {}, ...operands: readonly Value[]): Run {
  return run("kubectl", `vouch ${verb}`, options, ...operands);
}

/** The path of a file as a word of a command. What was pasted can begin with `~/`, which only the shell replaces. */
export function pathWord(path: string): Value {
  return path.startsWith("~/") ? { underHome: path.slice(2) } : path;
}

/** A run that has other words in the shells of Windows. */
export function runPerSystem(
  [program = "", ...verb]: readonly string[],
  onWindows: WindowsWords,
  ...operands: readonly Value[]
): Run {
  return { kind: "run", program, verb, options: {}, operands, onWindows };
}

/** Opens a file for a user to correct, at a line if the editor can do that. */
export function edit(file: string, line?: number): Run {
  const words = ["vi", ...(line === undefined ? [] : [`+${line}`])];
  return runPerSystem(words, "notepad", pathWord(file));
}

/** A command of the AWS CLI: `aws("eks describe-cluster", { name, region })`. */
export function aws(operation: string, options: Options = {}, ...operands: readonly Value[]): Run {
  return run("aws", operation, options, ...operands);
}

/**
 * A structure as the value of one option: in the CLI's shorthand if that preserves every value, else as JSON.
 *
 * Source: AWS CLI User Guide, "Using shorthand syntax".
 */
export function structure(fields: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const isPlain = known.every(
    ([, value]) =>
      [value].flat().join() !== "" && [value].flat().every((item) => /^[\w./:*-]+$/.test(item ?? "")),
  );
  if (!isPlain) return JSON.stringify(Object.fromEntries(known));
  return known.map(([name, value]) => `${name}=${[value].flat().join(",")}`).join(",");
}

/** A command of kubectl: `kubectl("get pods", { n: namespace })`. */
export function kubectl(verb: string, options: Options = {}, ...operands: readonly string[]): Run {
  return run("kubectl", verb, options, ...operands);
}

/** Prints aws-auth; works for those who may read it. */
export const SHOW_AWS_AUTH = kubectl("get configmap aws-auth", { n: "kube-system", o: "yaml" });

/** Values of an option that kubectl reads as a line of CSV. Source: pflag, `stringSlice`; tried with 1.32. */
export function commaSeparated(...values: readonly string[]): string {
  return values
    .map((value) => (/[",]|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(",");
}
