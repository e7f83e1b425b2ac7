import fs from "node:fs";
import tty from "node:tty";
import { VouchError } from "../token/errors.ts";
import type { TerminalDevice } from "./app.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = ["\u007f", "\b"];

/** Opens the controlling terminal itself (`/dev/tty`; on Windows `CONIN$` and `CONOUT$`). Undefined when there is none. */
export function openTerminalDevice(platform: NodeJS.Platform): TerminalDevice | undefined {
  const [inputName, outputName] =
    platform === "win32" ? ["\\\\.\\CONIN$", "\\\\.\\CONOUT$"] : ["/dev/tty", "/dev/tty"];
  let input: number | undefined;
  let output: number | undefined;
  try {
    input = fs.openSync(inputName, "r+");
    output = fs.openSync(outputName, "r+");
    if (!tty.isatty(input)) throw new Error("not a terminal");
  } catch {
    for (const file of [input, output]) if (file !== undefined) fs.closeSync(file);
    return undefined;
  }
  return terminalDevice(input, output);
}

function terminalDevice(input: number, output: number): TerminalDevice {
  let keyboard: tty.ReadStream | undefined;
  return {
    write: (text) => {
      fs.writeSync(output, text);
    },
    readLine: ({ hidden, signal }) => {
      keyboard ??= new tty.ReadStream(input);
      return readTypedLine(keyboard, { signal, echo: (text) => fs.writeSync(output, hidden ? "" : text) });
    },
    close: () => {
      if (keyboard === undefined) fs.closeSync(input);
      else keyboard.destroy();
      fs.closeSync(output);
    },
  };
}

/** What reading a line needs of a keyboard; a `tty.ReadStream` has it. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  removeListener(event: "data", listener: (chunk: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Reads one line key by key in raw mode, so that the terminal echoes nothing by itself. */
export function readTypedLine(
  keyboard: Keyboard,
  { signal, echo }: { readonly signal: AbortSignal; readonly echo: (text: string) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    const finish = (settle: () => void) => {
      keyboard.removeListener("data", onData);
      signal.removeEventListener("abort", onAbort);
      keyboard.setRawMode(false);
      keyboard.pause();
      settle();
    };
    const onAbort = () => finish(() => reject(new VouchError("interrupted", "Interrupted.")));
    const onData = (chunk: Buffer) => {
      for (const key of chunk.toString("utf8")) {
        if (key === CTRL_C) return onAbort();
        if (key === "\r" || key === "\n" || key === CTRL_D) return finish(() => resolve(line));
        if (BACKSPACE.includes(key)) {
          if (line !== "") echo("\b \b");
          line = [...line].slice(0, -1).join("");
        } else {
          line += key;
          echo(key);
        }
      }
    };
    if (signal.aborted) return reject(new VouchError("interrupted", "Interrupted."));
    signal.addEventListener("abort", onAbort, { once: true });
    keyboard.setRawMode(true);
    keyboard.on("data", onData);
    keyboard.resume();
  });
}
