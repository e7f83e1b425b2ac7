import type { NewPinAsk, RegistrationPrompts } from "../../token/fido2/registration-prompts.ts";
import type { App, TerminalDevice } from "../app.ts";
import { endLine } from "../terminal/end-line.ts";
import { type LoginPrompts, loginPrompts } from "./login-prompts.ts";

/** How a person is asked while a key is registered. */
export function registrationPrompts(
  app: App,
  { pinFromStdin }: { readonly pinFromStdin: boolean },
): RegistrationPrompts & LoginPrompts {
  const prompts = loginPrompts(app, { pinFromStdin, account: undefined });
  const { terminal } = prompts;
  return {
    ...prompts,
    newPin: async (ask) =>
      pinFromStdin || terminal === undefined ? undefined : typedTwice(app, terminal, ask),
  };
}

async function typedTwice(
  app: App,
  terminal: TerminalDevice,
  ask: NewPinAsk,
): Promise<readonly [string, string]> {
  const { keyName } = ask;
  terminal.write(whatIsWanted(ask));
  const type = (question: string) => {
    const typed = terminal.readLine({ hidden: true, signal: app.signal });
    terminal.write(question);
    return endLine(app, terminal, typed);
  };
  const first = await type(`New PIN of ${keyName}: `);
  return [first, await type("The same PIN again: ")];
}

function whatIsWanted({ keyName, isChange, minLength, problem }: NewPinAsk): string {
  switch (problem) {
    case "different":
      return "The two were not the same.\n";
    case "too-short":
      return `A new PIN has at least ${minLength} characters.\n`;
    case "too-long":
      return "A PIN has at most 63 bytes.\n";
    case "refused":
      return "The key does not accept this PIN; choose another.\n";
    default:
      return isChange
        ? `${keyName} demands a new PIN.\n`
        : `${keyName} has no PIN yet. Choose one of at least ${minLength} characters; it stays on the key.\n`;
  }
}
