import type { App, TerminalDevice } from "../app.ts";

/** Makes what follows begin on a new line, even after Ctrl-C. After a signal, the terminal is already closed. */
export async function endLine(app: App, terminal: TerminalDevice, typed: Promise<string>): Promise<string> {
  try {
    return await typed;
  } finally {
    if (!app.signal.aborted) terminal.write("\n");
  }
}
