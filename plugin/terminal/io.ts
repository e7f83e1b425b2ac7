import fs from "node:fs";
import { devNull } from "node:os";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { whyFailed } from "../../token/files/file-errors.ts";
import { shown, shownLines } from "../../token/text/printable.ts";
import type { Io, OutputStream } from "../app.ts";
import { ERASE_LINE, openTerminalDevice } from "./terminal-device.ts";
import { writeAll } from "./write-all.ts";

/**
 * The most that is read from standard input, in bytes: a PIN, a token, the output of a failed program, or a bundle of evidence.
 */
const MAX_STDIN_BYTES = 16 * 1024 * 1024;

/** Width for output that is read later, in columns. */
const PIPED_COLUMNS = 100;

/** The real streams of this process. Each is opened only when it is needed, since that loads half of Node's network code. */
export function processIo(program: NodeJS.Process): Io {
  const isTerminal = (name: StreamName) => isDevice(program, name) && program[name].isTTY === true;
  return guardedIo({
    write: (stream, text) => (stream === "out" ? writeOut(text) : writeErr(text)),
    readStdin: () => readText(program.stdin),
    get stdinIsTerminal() {
      return isTerminal("stdin");
    },
    get stdoutIsTerminal() {
      return isTerminal("stdout");
    },
    get stderrIsTerminal() {
      return isTerminal("stderr");
    },
    get columns() {
      const wide = (["stdout", "stderr"] as const).find(isTerminal);
      return (wide && program[wide].columns) ?? PIPED_COLUMNS;
    },
    openTerminal: () => openTerminalDevice(program.platform),
  });
}

const FILES = { stdin: 0, stdout: 1, stderr: 2 } as const;
type StreamName = keyof typeof FILES;

/** Whether a stream may be a terminal, and not just `/dev/null`; on Windows that is unknown before it is opened. */
function isDevice({ platform }: NodeJS.Process, name: StreamName): boolean {
  if (platform === "win32") return true;
  try {
    const facts = fs.fstatSync(FILES[name]);
    return facts.isCharacterDevice() && facts.rdev !== fs.statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** Raw streams: they write what they are given. */
export type Streams = Omit<Io, "out" | "err" | "paint"> & { write(stream: OutputStream, text: string): void };

/** Lets no foreign text control a terminal: the only way from our texts to streams and terminal. */
export function guardedIo(streams: Streams): Io {
  const { openTerminal } = streams;
  let isLineOpen = false;
  /** What follows a line that is to be replaced, such as progress, does not stand behind it. */
  const write = (stream: OutputStream, text: string) => {
    const replaces = text.startsWith(ERASE_LINE);
    if (isLineOpen && !replaces) streams.write("err", ERASE_LINE);
    isLineOpen = stream === "err" && replaces && text.length > ERASE_LINE.length;
    streams.write(stream, text);
  };
  return {
    readStdin: () => streams.readStdin(),
    get stdinIsTerminal() {
      return streams.stdinIsTerminal;
    },
    get stdoutIsTerminal() {
      return streams.stdoutIsTerminal;
    },
    get stderrIsTerminal() {
      return streams.stderrIsTerminal;
    },
    get columns() {
      return streams.columns;
    },
    out: (text) => write("out", shownLines(text)),
    err: (text) => write("err", shownLines(text)),
    paint: write,
    openTerminal() {
      const terminal = openTerminal();
      return (
        terminal && {
          ...terminal,
          write: (text) => terminal.write(shownLines(text)),
          rewrite: (text) => terminal.rewrite(shown(text)),
        }
      );
    },
  };
}

async function readText(input: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      size += chunk.length;
      if (size > MAX_STDIN_BYTES) throw new Error(`it is longer than ${MAX_STDIN_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw new VouchError("file-unreadable", `Standard input cannot be read: ${reasonOf(error)}.`, {
      cause: error,
      hint: "Pipe less, for example the last hundred lines.",
    });
  }
  const { decodedText } = await import("../../token/files/encoding.ts");
  return decodedText(Buffer.concat(chunks));
}

/** Data that cannot be written is a failure: half an answer on a full disk must not be taken for a whole one. */
function writeOut(data: string): void {
  try {
    writeAll(1, data);
  } catch (error) {
    throw new VouchError("file-unwritable", `Cannot write to standard output: ${whyFailed(error)}.`, {
      cause: error,
      hint: "Free some space there, or redirect the output elsewhere.",
    });
  }
}

/** If no message can be shown, the exit status must do. */
function writeErr(data: string): void {
  try {
    writeAll(2, data);
  } catch {
    return;
  }
}
