import fs from "node:fs";
import { devNull } from "node:os";
import { StringDecoder } from "node:string_decoder";
import type tty from "node:tty";
import { reasonOf, unlessThrown, VouchError } from "../../token/errors/errors.ts";
import { whyFailed } from "../../token/files/file-errors.ts";
import { isPrintable, shown, shownLines } from "../../token/text/printable.ts";
import type { Io, OutputStream, TerminalDevice } from "../app.ts";

/**
 * The most that is read from standard input, in bytes: a PIN, a token, the output of a failed program, or a bundle of evidence.
 */
const MAX_STDIN_BYTES = 16 * 1024 * 1024;

/** Width for output that is read later, in columns. */
const PIPED_COLUMNS = 100;

/** The real streams of this process. Each is opened only when it is needed, since that loads half of Node's network code. */
export function processIo(program: NodeJS.Process): Io {
  const isTerminal: Io["isTerminal"] = (name) => isDevice(program, name) && program[name].isTTY === true;
  return guardedIo({
    write: (stream, text) => {
      const name = stream === "out" ? "stdout" : "stderr";
      if (isConsole(program, FILES[name])) program[name].write(text);
      else if (stream === "out") writeOut(text);
      // If no message can be shown, the exit status must do.
      else unlessThrown(() => writeAll(FILES.stderr, text), undefined);
    },
    readStdin: () => readText(program.stdin),
    isTerminal,
    get columns() {
      const wide = (["stdout", "stderr"] as const).find(isTerminal);
      return (wide && program[wide].columns) ?? PIPED_COLUMNS;
    },
    openTerminal: () => openTerminalDevice(program.platform),
  });
}

const FILES = { stdin: 0, stdout: 1, stderr: 2 } as const;

/** Whether a stream may be a terminal, and not just `/dev/null`; on Windows that is unknown before it is opened. */
function isDevice({ platform }: NodeJS.Process, name: keyof typeof FILES): boolean {
  if (platform === "win32") return true;
  return unlessThrown(() => {
    const facts = fs.fstatSync(FILES[name]);
    return facts.isCharacterDevice() && facts.rdev !== fs.statSync(devNull).rdev;
  }, false);
}

/**
 * Whether a file is a console of Windows: it would show bytes in its code page, so Node's stream writes to it, which does so in
 * UTF-16 and at once. Source: libuv, win/tty.c, `uv__tty_write_bufs`, which also obeys escapes for a console that knows none.
 */
function isConsole({ platform }: { readonly platform: NodeJS.Platform }, file: number): boolean {
  return platform === "win32" && ttyModule().isatty(file);
}

/** Raw streams: they write what they are given. */
type Streams = Omit<Io, "out" | "err" | "paint"> & { write(stream: OutputStream, text: string): void };

/** Lets no foreign text control a terminal: the only way from our texts to streams and terminal. */
export function guardedIo(streams: Streams): Io {
  const { openTerminal } = streams;
  let isLineOpen = false;
  let isAsking = false;
  const eraseProgress = () => {
    if (isLineOpen) streams.write("err", ERASE_LINE);
    isLineOpen = false;
  };
  /** What follows a line that is to be replaced, such as progress, does not stand behind it; nor does progress replace a question. */
  const write = (stream: OutputStream, text: string) => {
    const replaces = text.startsWith(ERASE_LINE);
    if (replaces && isAsking) return;
    if (!replaces) eraseProgress();
    isLineOpen = stream === "err" && replaces && text.length > ERASE_LINE.length;
    streams.write(stream, text);
  };
  return {
    readStdin: () => streams.readStdin(),
    isTerminal: (name) => streams.isTerminal(name),
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
          write: (text) => {
            eraseProgress();
            terminal.write(shownLines(text));
          },
          rewrite: (text) => terminal.rewrite(shown(text)),
          async readLine(options) {
            isAsking = true;
            try {
              return await terminal.readLine(options);
            } finally {
              isAsking = false;
            }
          },
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
    writeAll(FILES.stdout, data);
  } catch (error) {
    throw new VouchError("file-unwritable", `Cannot write to standard output: ${whyFailed(error)}.`, {
      cause: error,
      hint: "Free some space there, or redirect the output elsewhere.",
    });
  }
}

/** Moves to the beginning of the line and erases it. Source: ECMA-48, 8.3.41. */
export const ERASE_LINE = "\r\u001b[K";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
const ESCAPE = "\u001b";
const BACKSPACE = ["\u007f", "\b"];

/** Arrows, function keys, and the brackets around pasted text. Source: ECMA-48, 5.4 (control sequences). */
const SILENT_KEYS = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|O.)?`, "g");

/** Opens the controlling terminal itself (`/dev/tty`; on Windows `CONIN$` and `CONOUT$`). Undefined if there is none. */
function openTerminalDevice(platform: NodeJS.Platform): TerminalDevice | undefined {
  const [inputName, outputName] =
    platform === "win32" ? ["\\\\.\\CONIN$", "\\\\.\\CONOUT$"] : ["/dev/tty", "/dev/tty"];
  let input: number | undefined;
  let output: number | undefined;
  try {
    input = fs.openSync(inputName, "r+");
    output = fs.openSync(outputName, "r+");
    if (!ttyModule().isatty(input)) throw new Error("not a terminal");
  } catch {
    for (const file of [input, output]) if (file !== undefined) fs.closeSync(file);
    return undefined;
  }
  return terminalDevice(input, output, platform);
}

/** Loaded only to open a terminal, since it loads Node's network code. */
const ttyModule = (): typeof tty => process.getBuiltinModule("node:tty");

function terminalDevice(input: number, output: number, platform: NodeJS.Platform): TerminalDevice {
  const throughStream = isConsole({ platform }, output);
  let keyboard: tty.ReadStream | undefined;
  let screen: tty.WriteStream | undefined;
  const openKeyboard = () => {
    keyboard ??= new (ttyModule().ReadStream)(input);
    return keyboard;
  };
  const openScreen = () => {
    screen ??= new (ttyModule().WriteStream)(output);
    return screen;
  };
  const write = (text: string) => void (throughStream ? openScreen().write(text) : writeAll(output, text));
  return {
    write,
    rewrite: (text) => write(ERASE_LINE + text),
    readLine: async ({ hidden, signal }) => {
      const keyboard = openKeyboard();
      if (!hidden) return readTypedLine(keyboard, { signal, echo: write });
      return readTypedLine(platform === "darwin" ? await withoutEcho(keyboard, input) : keyboard, {
        signal,
        echo: () => undefined,
      });
    },
    streams: () => ({ input: openKeyboard(), output: openScreen() }),
    close: () => {
      if (keyboard === undefined) fs.closeSync(input);
      else keyboard.destroy();
      if (screen === undefined) fs.closeSync(output);
      else screen.destroy();
    },
  };
}

/** What reading a line needs from a keyboard; a `tty.ReadStream` has it. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown;
  on(event: "data" | "end" | "error", listener: (chunk: Buffer) => void): unknown;
  removeListener(event: "data" | "end" | "error", listener: (chunk: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** A keyboard whose terminal sends whole lines without echo, in place of raw mode. */
async function withoutEcho(keyboard: tty.ReadStream, terminal: number): Promise<Keyboard> {
  const { hideTyping } = await import("./hide-typing.ts");
  let restore: (() => void) | undefined;
  return {
    setRawMode(raw) {
      if (raw) restore = hideTyping(terminal);
      if (restore === undefined) return keyboard.setRawMode(raw);
      if (!raw) restore();
      return undefined;
    },
    on: (event, listener) => keyboard.on(event, listener),
    removeListener: (event, listener) => keyboard.removeListener(event, listener),
    resume: () => keyboard.resume(),
    pause: () => keyboard.pause(),
  };
}

/**
 * Reads one line key by key in raw mode, so that the terminal echoes nothing by itself. Keys that write nothing (arrows, function
 * keys) are ignored. Text pasted after the end of the line is discarded: it cannot answer a question that was not asked yet, and
 * a PIN has few tries.
 */
export function readTypedLine(
  keyboard: Keyboard,
  { signal, echo }: { readonly signal: AbortSignal; readonly echo: (text: string) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const line = typedLine(echo);
    const finish = (settle: () => void) => {
      keyboard.removeListener("data", onData);
      keyboard.removeListener("end", interrupt);
      keyboard.removeListener("error", interrupt);
      signal.removeEventListener("abort", interrupt);
      keyboard.setRawMode(false);
      keyboard.pause();
      settle();
    };
    const interrupt = () => finish(() => reject(interrupted()));
    const onData = (chunk: Buffer) => {
      const end = line.type(chunk);
      if (end === "canceled") interrupt();
      if (end === "entered") finish(() => resolve(line.text()));
    };
    if (signal.aborted) return reject(interrupted());
    signal.addEventListener("abort", interrupt, { once: true });
    keyboard.setRawMode(true);
    keyboard.on("data", onData);
    keyboard.on("end", interrupt);
    keyboard.on("error", interrupt);
    keyboard.resume();
  });
}

export function interrupted(): VouchError {
  return new VouchError("interrupted", "Interrupted.");
}

/** A line that grows and shrinks with each key. A letter of several bytes may arrive in pieces. */
function typedLine(echo: (text: string) => void) {
  const decoder = new StringDecoder("utf8");
  let letters: string[] = [];
  const erase = (count: number) => {
    echo("\b \b".repeat(Math.min(count, letters.length)));
    letters = letters.slice(0, Math.max(0, letters.length - count));
  };
  const press = (key: string): "entered" | "canceled" | undefined => {
    if (key === CTRL_C || (key === CTRL_D && letters.length === 0)) return "canceled";
    if (key === "\r" || key === "\n" || key === CTRL_D) return "entered";
    if (BACKSPACE.includes(key)) erase(1);
    else if (key === CTRL_U) erase(letters.length);
    else if (key >= " ") {
      letters.push(key);
      echo(isPrintable(key) ? key : "?");
    }
    return undefined;
  };
  return {
    text: () => letters.join(""),
    type(chunk: Buffer) {
      for (const key of decoder.write(chunk).replaceAll(SILENT_KEYS, "")) {
        const end = press(key);
        if (end !== undefined) return end;
      }
      return undefined;
    },
  };
}

/** How long to wait for a slow reader before the next try, in milliseconds. */
const RETRY_MS = 5;

/** Writes everything synchronously, so that nothing is lost when the process ends. A closed reader is no error. */
function writeAll(file: number, data: string): void {
  let rest = Buffer.from(data);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(file, rest));
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (["EPIPE", "EBADF", "EIO"].includes(code)) return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
