import fs from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type tty from "node:tty";
import { VouchError } from "../../token/errors/errors.ts";
import { isPrintable } from "../../token/text/printable.ts";
import type { TerminalDevice } from "../app.ts";
import { writeAll } from "./write-all.ts";

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
export function openTerminalDevice(platform: NodeJS.Platform): TerminalDevice | undefined {
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
  return terminalDevice(input, output);
}

/** Loaded only to open a terminal, since it loads Node's network code. */
function ttyModule(): typeof tty {
  return process.getBuiltinModule("node:tty");
}

function terminalDevice(input: number, output: number): TerminalDevice {
  let keyboard: tty.ReadStream | undefined;
  return {
    write: (text) => writeAll(output, text),
    rewrite: (text) => writeAll(output, ERASE_LINE + text),
    readLine: ({ hidden, signal }) => {
      keyboard ??= new (ttyModule().ReadStream)(input);
      return readTypedLine(keyboard, { signal, echo: (text) => writeAll(output, hidden ? "" : text) });
    },
    close: () => {
      if (keyboard === undefined) fs.closeSync(input);
      else keyboard.destroy();
      fs.closeSync(output);
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

function interrupted(): VouchError {
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
