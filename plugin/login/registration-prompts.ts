import type { NewPinAsk, RegistrationPrompts } from "../../token/fido2/prompts.ts";
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
  return [first, await type("Confirm PIN: ")];
}

function whatIsWanted({ keyName, isChange, minLength, problem }: NewPinAsk): string {
  switch (problem) {
    case "different":
      return "The PINs do not match.\n";
    case "too-short":
      return `The new PIN must be at least ${minLength} characters long.\n`;
    case "too-long":
      return "A PIN can be at most 63 bytes long.\n";
    case "refused":
      return "The key does not accept this PIN; choose a different one.\n";
    default:
      return isChange
        ? `${keyName} requires a new PIN.\n`
        : `${keyName} does not have a PIN yet. Choose one of at least ${minLength} characters; it is stored on the key.\n`;
  }
}
