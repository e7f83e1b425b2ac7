import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { endLine } from "../terminal/end-line.ts";

/**
 * Asks for the code of an MFA device on the terminal itself, since standard input may be a manifest for kubectl. The code is
 * echoed, as it works only once. Throws `mfa-code-needed` without a terminal.
 */
export async function askMfaCode(app: App, serial: string, profile: string): Promise<string> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) {
    throw new VouchError(
      "mfa-code-needed",
      `Cannot prompt for the MFA code of ${serial} without a terminal.`,
      {
        hint: withCommands`In a terminal, run ${ours("login", { profile })}`,
      },
    );
  }
  try {
    terminal.write(`MFA code of ${serial}: `);
    return await endLine(app, terminal, terminal.readLine({ hidden: false, signal: app.signal }));
  } finally {
    terminal.close();
  }
}
