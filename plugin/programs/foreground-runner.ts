import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import tty from "node:tty";
import { findProgram, isExecutable, searchIn } from "../../doctor/probes/local/find-program.ts";
import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { debugged } from "../../token/debug.ts";
import { unlessThrown, VouchError } from "../../token/errors/errors.ts";
import type { Machine } from "../../token/files/folders.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { startable } from "./startable.ts";

/** How a program in the foreground ended. */
interface Ended {
  readonly status: number | null;
  /** The number of the signal that ended it. */
  readonly signalNumber: number | undefined;
}

/** Finds a program that a user names, to run it at their terminal. Throws `usage` if it cannot be found, run or started. */
export function foregroundRunner(
  machine: Machine,
  program: string,
): (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ended> {
  const file = requireProgram(machine, program);
  return (args, env) => start(file, () => runInForeground([file, ...args], env));
}

/** The file that the word means. Throws `usage` if it cannot be run. */
function requireProgram(machine: Machine, program: string): string {
  const file = findProgram(program, searchIn(machine));
  if (file !== undefined && isExecutable(file)) return path.resolve(file);
  if (file !== undefined)
    throw new VouchError("usage", `${program} is not executable.`, {
      hint: withCommands`Make it executable: ${run("chmod", "", {}, "u+x", program)}`,
    });
  if (/[/\\]/.test(program)) {
    const isFolder = fs.statSync(program, { throwIfNoEntry: false })?.isDirectory() === true;
    throw new VouchError("usage", isFolder ? `${program} is a directory.` : `${program} not found.`, {
      hint: "Specify a program after --, by its path or name.",
    });
  }
  throw new VouchError("usage", `Program ${JSON.stringify(program)} not found on PATH.`, {
    hint: "Install it or specify its path (`./NAME` in this directory).",
  });
}

/** Says what a file lacks that the system cannot start; the system does not. */
async function start(file: string, begin: () => Promise<Ended>): Promise<Ended> {
  try {
    return await begin();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof VouchError) throw error;
    throw new VouchError("usage", `${file} cannot be started: ${startFailure(code, file)}.`, {
      cause: error,
      hint: "It fails without kubectl vouch, too: install or repair what it needs.",
    });
  }
}

function startFailure(code: string, file: string): string {
  const [, interpreter = "", end] =
    /^#! *(\S+)[^\r\n]*(\r?)/.exec(unlessThrown(() => readTextFile(file) ?? "", "")) ?? [];
  switch (code) {
    case "ENOENT":
      if (end === "\r")
        return "its first line has a Windows line ending, which becomes part of the interpreter's name";
      return interpreter !== "" && !fs.existsSync(interpreter)
        ? `its interpreter ${interpreter} was not found`
        : "a file that it needs is missing, or it is built for a different system";
    case "ENOEXEC":
      return "it is not a program for this system, and its first line does not specify an interpreter";
    case "E2BIG":
      return "its arguments and the environment are too long";
    default:
      return code;
  }
}

/** Signals that a terminal sends to all programs in the foreground; without one they are sent to us alone. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;

/** Signals that are sent to us alone, and are meant for the program too. */
const SENT_TO_US = ["SIGTERM", "SIGHUP"] as const;

/** Runs a program to its end with our own terminal and streams; its output is not read. */
function runInForeground(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const [program = "", ...args] = command;
  const { file, args: words, options } = startable(command, env);
  return debugged(
    `run ${[program, ...maskArguments(args)].join(" ")}`,
    () =>
      new Promise<Ended>((resolve, reject) => {
        let child: ChildProcess | undefined;
        // Before it starts: a signal in between would be lost.
        const restore = takeSignals((name) => child?.kill(name));
        child = spawn(file, words, { ...options, env, stdio: "inherit" });
        child.once("error", (error) => {
          restore();
          reject(error);
        });
        child.once("close", (status, signal) => {
          restore();
          resolve({ status, signalNumber: signal === null ? undefined : os.constants.signals[signal] });
        });
      }),
    ({ status }) => `exit ${status}`,
  );
}

/** Sends signals meant for the program to `pass` instead of our own listeners; the result restores these. */
function takeSignals(pass: (name: NodeJS.Signals) => void): () => void {
  const hasTerminal = [0, 1, 2].some((stream) => tty.isatty(stream));
  const taken = [...FROM_TERMINAL, ...SENT_TO_US].map((name) => {
    const before = process.listeners(name);
    const isShared = hasTerminal && FROM_TERMINAL.some((one) => one === name);
    const listener = () => (isShared ? undefined : pass(name));
    process.on(name, listener);
    for (const one of before) process.removeListener(name, one);
    return { name, before, listener };
  });
  return () => {
    for (const { name, before, listener } of taken) {
      for (const one of before) process.on(name, one);
      process.removeListener(name, listener);
    }
  };
}
