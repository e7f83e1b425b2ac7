import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../../support/run-command.ts";
import type { PrintedCommand } from "./printed-command.ts";

/** A real shell, and how it reads a script; options are set under which it takes more signs for its own. */
interface PosixShell {
  readonly name: string;
  readonly command: readonly string[];
  readonly begin: string;
  /** The script is typed, and prompts appear on stderr. */
  readonly isTyped?: boolean;
}

export const POSIX_SHELLS: readonly PosixShell[] = [
  {
    name: "bash",
    command: ["bash", "--noprofile", "--norc"],
    begin: "set -o history -o histexpand\nshopt -s extglob",
  },
  { name: "dash", command: ["dash"], begin: "" },
  {
    name: "zsh",
    command: ["zsh", "-f"],
    begin: "setopt rc_quotes extended_glob magic_equal_subst brace_ccl interactive_comments bang_hist",
  },
  // fish's own functions by these names add options to theirs.
  { name: "fish", command: ["fish", "--no-config"], begin: "functions --erase grep ls" },
];

/** zsh looks words behind `!` up in its history only where somebody types them. */
export const TYPED_ZSH: PosixShell = {
  name: "zsh, typed",
  command: ["zsh", "-f", "-i", "-s"],
  begin: "setopt bang_hist",
  isTyped: true,
};

const SOURCE = path.join(import.meta.dirname, "record-words.c");

/** A folder in which printed commands run: every program on PATH only records its words. */
export class ShellDesk {
  readonly home: string;
  readonly #bin: string;
  readonly #folder: string;
  readonly #recorder: string;

  /** Needs a C compiler. */
  constructor(folder: string) {
    this.#folder = folder;
    this.home = path.join(folder, "home");
    this.#bin = path.join(folder, "bin");
    this.#recorder = path.join(folder, "recorder");
    for (const made of [this.home, this.#bin]) fs.mkdirSync(made, { recursive: true });
    execFileSync("gcc", ["-static", "-O1", "-o", this.#recorder, SOURCE]);
    for (const name of ["variables", "touch", "calc", "ls"]) this.#addProgram(name);
  }

  /** The commands that did not do exactly what was meant, each with what was seen. Stops at the fifth. */
  async wrong(shell: PosixShell, commands: readonly PrintedCommand[], atOnce = 400): Promise<string[]> {
    for (const { runs } of commands) for (const [program = ""] of runs) this.#addProgram(program);
    const wrong: string[] = [];
    for (let start = 0; start < commands.length && wrong.length < 5; start += atOnce) {
      wrong.push(...(await this.#wrongInBatch(shell, commands.slice(start, start + atOnce))));
    }
    return wrong;
  }

  /** A batch that differs is halved until the commands are found. */
  async #wrongInBatch(shell: PosixShell, batch: readonly PrintedCommand[]): Promise<string[]> {
    const difference = await this.#run(shell, batch);
    if (difference === undefined) return [];
    const [only, ...others] = batch;
    if (only === undefined || others.length === 0) return [`${shell.name}: ${only?.line}\n${difference}`];
    const middle = Math.ceil(batch.length / 2);
    const first = await this.#wrongInBatch(shell, batch.slice(0, middle));
    return first.length >= 5 ? first : [...first, ...(await this.#wrongInBatch(shell, batch.slice(middle)))];
  }

  async #run(shell: PosixShell, batch: readonly PrintedCommand[]): Promise<string | undefined> {
    const folder = fs.mkdtempSync(path.join(this.#folder, `${shell.name}-`));
    const work = path.join(folder, "work");
    const record = path.join(folder, "record");
    fs.mkdirSync(work);
    fs.writeFileSync(record, "");
    const script = `${shell.begin}\n${batch.map(({ line, after }) => `${line}\n${after}`).join("\n")}\n`;
    const env = {
      ...Object.fromEntries(batch.flatMap(({ unset }) => unset).map((name) => [name, ""])),
      ...{ HOME: this.home, PATH: this.#bin, RECORD_FILE: record, LC_ALL: "C.UTF-8" },
    };
    const stderr = await runScript(shell, script, { env, folder, cwd: work });
    const seen = records(record);
    const meant = batch.flatMap(({ runs }) => runs.map((run) => JSON.stringify(run)));
    const files = fs.readdirSync(work).filter((name) => !batch.some(({ file }) => file === name));
    fs.rmSync(folder, { recursive: true, force: true });
    const isRight = stderr === "" && files.length === 0 && seen.toSorted().join() === meant.toSorted().join();
    return isRight
      ? undefined
      : JSON.stringify({ meant, seen: seen.slice(0, 5), stderr: stderr.slice(0, 500), files });
  }

  #addProgram(name: string): void {
    const file = path.join(this.#bin, name);
    if (!fs.existsSync(file)) fs.linkSync(this.#recorder, file);
  }
}

/** What a shell says of a script; of a typed one it shows all, and nothing is returned. */
async function runScript(
  { command, isTyped = false }: PosixShell,
  script: string,
  {
    env,
    folder,
    cwd,
  }: { readonly env: Readonly<Record<string, string>>; readonly folder: string; readonly cwd: string },
): Promise<string> {
  const file = path.join(folder, "script");
  fs.writeFileSync(file, script);
  const [program = "", ...words] = command;
  const options = { env, cwd, ...(isTyped ? { stdin: script } : {}) };
  const { stderr } = await runCommand([`/usr/bin/${program}`, ...words, ...(isTyped ? [] : [file])], options);
  return isTyped ? "" : stderr;
}

/** What the programs got, as JSON lists of words. */
function records(file: string): string[] {
  const words = fs.readFileSync(file, "utf8").split("\0");
  const found: string[] = [];
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at]);
    found.push(JSON.stringify(words.slice(at + 1, at + 1 + count)));
    at += 1 + count;
  }
  return found;
}
