import { readExecInfo } from "../../token/hot/exec-info.ts";
import type { App, TerminalDevice } from "../app.ts";

/** Asks at the terminal; anything but a yes is a no. Undefined: there is no terminal to ask at. */
export async function askYes(app: App, question: string): Promise<boolean | undefined> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return undefined;
  try {
    terminal.write(`${question} [y/N] `);
    const typed = terminal.readLine({ hidden: false, signal: app.signal });
    return /^y(?:es)?$/i.test((await endLine(app, terminal, typed)).trim());
  } finally {
    terminal.close();
  }
}

/** Makes what follows begin on a new line, even after Ctrl-C. After a signal, the terminal is already closed. */
export async function endLine(app: App, terminal: TerminalDevice, typed: Promise<string>): Promise<string> {
  try {
    return await typed;
  } finally {
    if (!app.signal.aborted) terminal.write("\n");
  }
}

/** Whether kubectl calls us, the kubeconfig allows prompts, and there is somebody to ask. */
export function isInteractive({ env }: Pick<App, "env">): boolean {
  return readExecInfo(env["KUBERNETES_EXEC_INFO"])?.interactive === true;
}
