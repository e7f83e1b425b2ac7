import { text } from "node:stream/consumers";
import { reasonOf, VouchError } from "../token/errors.ts";
import { shownLines } from "../token/printable.ts";
import type { Io, OutputStream } from "./app.ts";
import { openTerminalDevice } from "./terminal-device.ts";
import { writeAll } from "./write-all.ts";

/** The real streams of this process. */
export function processIo(program: NodeJS.Process): Io {
  return guardedIo({
    write: (stream, text) => (stream === "out" ? writeOut(text) : writeErr(text)),
    readStdin: () => text(program.stdin),
    stdinIsTerminal: program.stdin.isTTY === true,
    stdoutIsTerminal: program.stdout.isTTY === true,
    stderrIsTerminal: program.stderr.isTTY === true,
    columns: program.stderr.columns ?? program.stdout.columns ?? 80,
    openTerminal: () => openTerminalDevice(program.platform),
  });
}

/** Streams as they are: they write what they are given. */
export type Streams = Omit<Io, "out" | "err" | "paint"> & { write(stream: OutputStream, text: string): void };

/** Lets nothing of others steer a terminal: the one way from our texts to streams and terminal. */
export function guardedIo(streams: Streams): Io {
  const { write, openTerminal, ...rest } = streams;
  return {
    ...rest,
    out: (text) => write("out", shownLines(text)),
    err: (text) => write("err", shownLines(text)),
    paint: write,
    openTerminal() {
      const terminal = openTerminal();
      return terminal && { ...terminal, write: (text) => terminal.write(shownLines(text)) };
    },
  };
}

/** Data that cannot be written is a failure: whoever reads a full disk must not take half an answer for a whole one. */
function writeOut(data: string): void {
  try {
    writeAll(1, data);
  } catch (error) {
    throw new VouchError("file-unwritable", `Standard output cannot be written: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

/** When nobody can be told, the exit status must do. */
function writeErr(data: string): void {
  try {
    writeAll(2, data);
  } catch {
    return;
  }
}
