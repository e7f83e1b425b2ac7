import type { App, TerminalDevice } from "../app.ts";

/** What follows begins on a line of its own, also after Ctrl-C. A signal has closed the terminal already. */
export async function endLine(app: App, terminal: TerminalDevice, typed: Promise<string>): Promise<string> {
  try {
    return await typed;
  } finally {
    if (!app.signal.aborted) terminal.write("\n");
  }
}
