import { VouchError } from "../../token/errors/errors.ts";
import { readExecInfo } from "../../token/hot/exec-info.ts";
import type { App, TerminalDevice } from "../app.ts";

/** The last question asked at a terminal. */
const asked = new WeakMap<App["io"], Promise<unknown>>();

/**
 * Asks at the terminal itself, since standard input may be a manifest for kubectl; one question at a time, also where work is done in
 * parallel, and none after one that was interrupted. Undefined: there is no terminal.
 */
export function askLine(app: App, question: string): Promise<string | undefined> {
  const before = asked.get(app.io) ?? Promise.resolve();
  const answer = before.then(
    () => askNow(app, question),
    (error: unknown) => {
      if (error instanceof VouchError && error.code === "interrupted") throw error;
      return askNow(app, question);
    },
  );
  asked.set(app.io, answer);
  return answer;
}

async function askNow(app: App, question: string): Promise<string | undefined> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return undefined;
  try {
    return await typedAt(app, terminal, question);
  } finally {
    terminal.close();
  }
}

/** Anything but a yes, or a bare Enter if that is the usual answer, is a no. Undefined: there is no terminal. */
export async function askYes(app: App, question: string, usual = false): Promise<boolean | undefined> {
  const answer = (await askLine(app, `${question} ${usual ? "[Y/n]" : "[y/N]"} `))?.trim();
  if (answer === undefined) return undefined;
  return answer === "" ? usual : /^y(?:es)?$/i.test(answer);
}

/**
 * The line that the user types behind a question. What follows begins on a new line, even after Ctrl-C; after a signal, the terminal is
 * already closed.
 */
export async function typedAt(
  app: App,
  terminal: TerminalDevice,
  question: string,
  { hidden = false }: { readonly hidden?: boolean } = {},
): Promise<string> {
  if (!hidden) terminal.write(question);
  const typed = terminal.readLine({ hidden, signal: app.signal });
  // Reading has begun by then: it switches the echo off, and fast typists answer at once.
  if (hidden) terminal.write(question);
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
