import type { App } from "../app.ts";
import type { LocalMend } from "./local-mend.ts";

/**
 * Shows each mend and asks; whether any was made. Nothing is changed without a yes, and nothing where nobody can be asked.
 */
export async function offerMends(app: App, mends: readonly LocalMend[]): Promise<boolean> {
  if (mends.length === 0) {
    app.io.err("There is nothing on this machine that --fix could mend.\n");
    return false;
  }
  let isMended = false;
  for (const mend of mends) {
    await mend.show();
    if (!(await isWanted(app, mend.does))) continue;
    await mend.apply();
    isMended = true;
  }
  return isMended;
}

async function isWanted(app: App, does: string): Promise<boolean> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) {
    app.io.err(`Not done, since there is no terminal to ask at: ${does}\n`);
    return false;
  }
  try {
    terminal.write(`${does} Do it? [y/N] `);
    const answer = await terminal.readLine({ hidden: false, signal: app.signal });
    terminal.write("\n");
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
