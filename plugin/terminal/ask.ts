import { VouchError } from "../../token/errors/errors.ts";
import { readExecInfo } from "../../token/hot/exec-info.ts";
import type { App, TerminalDevice } from "../app.ts";

/** The last question asked at a terminal. */
const asked = new WeakMap<App["io"], Promise<unknown>>();

/** Asks one question at a time, also where work is done in parallel; none after one that was interrupted. */
export function inTurn<T>({ io }: Pick<App, "io">, ask: () => Promise<T>): Promise<T> {
  const before = asked.get(io) ?? Promise.resolve();
  const answer = before.then(ask, (error: unknown) => {
    if (error instanceof VouchError && error.code === "interrupted") throw error;
    return ask();
  });
  asked.set(io, answer);
  return answer;
}

/** Asks at the terminal; anything but a yes, or a bare Enter if that is the usual answer, is a no. Undefined: there is no terminal. */
export function askYes(app: App, question: string, usual = false): Promise<boolean | undefined> {
  return inTurn(app, () => askYesNow(app, question, usual));
}

async function askYesNow(app: App, question: string, usual: boolean): Promise<boolean | undefined> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return undefined;
  try {
    terminal.write(`${question} ${usual ? "[Y/n]" : "[y/N]"} `);
    const typed = terminal.readLine({ hidden: false, signal: app.signal });
    const answer = (await endLine(app, terminal, typed)).trim();
    return answer === "" ? usual : /^y(?:es)?$/i.test(answer);
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

/** Whether kubectl calls us, the kubeconfig allows prompts, and there is a user to ask. */
export function isInteractive({ env }: Pick<App, "env">): boolean {
  return readExecInfo(env["KUBERNETES_EXEC_INFO"])?.interactive === true;
}
