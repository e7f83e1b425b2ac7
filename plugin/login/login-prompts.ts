import { ours, pipe, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { AssertionPrompts, PinAsk } from "../../token/fido2/assertion-prompts.ts";
import type { App, TerminalDevice } from "../app.ts";

/** How a person is asked during a login. */
export interface LoginPrompts extends AssertionPrompts {
  /** Where they are seen; undefined when they go to stderr. */
  readonly terminal: TerminalDevice | undefined;
  close(): void;
}

/** Prompts go to the terminal itself: some clients swallow stderr. Without a terminal they go to stderr. */
export function loginPrompts(
  app: App,
  { pinFromStdin, account }: { readonly pinFromStdin: boolean; readonly account: string | undefined },
): LoginPrompts {
  const terminal = app.io.openTerminal();
  const say = (text: string) => (terminal === undefined ? app.io.err(text) : terminal.write(text));
  let touched = false;

  return {
    terminal,
    pin: (ask) => (pinFromStdin ? pinOfStdin(app, ask.retry) : pinOfTerminal(app, terminal, ask)),
    insertKey: () => say("Plug in your security key…\n"),
    touch: () => {
      if (!touched) say("Touch your security key now (it blinks)…\n");
      touched = true;
    },
    busy: () => say("Another program is using the security key (a browser, ssh, gpg); waiting…\n"),
    choose: async (accounts) => {
      const names = accounts.map(({ name, displayName }) => name ?? displayName ?? "(no name)");
      const wanted = account === undefined ? -1 : names.indexOf(account);
      if (wanted >= 0) return wanted;
      return chooseAccount({ app, terminal, names });
    },
    close: () => terminal?.close(),
  };
}

async function pinOfStdin(app: App, retry: boolean): Promise<string | undefined> {
  if (retry) return undefined;
  const pin = (await app.io.readStdin()).split(/\r?\n/, 1)[0];
  if (pin) return pin;
  throw new VouchError("pin-unavailable", "--pin-stdin was given, but standard input holds no PIN.", {
    hint: withCommands`Pipe it in, for instance ${pipe(run("pass", "show vouch-pin"), ours("login --pin-stdin"))}.`,
  });
}

async function pinOfTerminal(
  app: App,
  terminal: TerminalDevice | undefined,
  ask: PinAsk,
): Promise<string | undefined> {
  if (terminal === undefined) return undefined;
  // Reading begins before the question is seen: it switches the echo off, and fast fingers answer at once.
  const typed = terminal.readLine({ hidden: true, signal: app.signal });
  terminal.write(`${whatWasWrong(ask)}PIN of ${ask.keyName}: `);
  return endLine(app, terminal, typed);
}

function whatWasWrong({ problem, attemptsLeft }: PinAsk): string {
  if (problem === "too-short") return "A PIN has at least 4 characters; the key was not asked.\n";
  if (problem === "too-long") return "A PIN has at most 63 bytes; the key was not asked.\n";
  const left =
    attemptsLeft === undefined ? "" : `${attemptsLeft} ${attemptsLeft === 1 ? "try" : "tries"} left`;
  if (problem === "wrong") return `Wrong PIN${left === "" ? "" : `; ${left}`}.\n`;
  return attemptsLeft === 1 ? "This is the last try before the key blocks its PIN for good.\n" : "";
}

/** What follows begins on a line of its own, also after Ctrl-C. A signal has closed the terminal already. */
export async function endLine(app: App, terminal: TerminalDevice, typed: Promise<string>): Promise<string> {
  try {
    return await typed;
  } finally {
    if (!app.signal.aborted) terminal.write("\n");
  }
}

async function chooseAccount({
  app,
  terminal,
  names,
}: {
  readonly app: App;
  readonly terminal: TerminalDevice | undefined;
  readonly names: readonly string[];
}): Promise<number> {
  const list = names.map((name, index) => `  ${index + 1}  ${name}\n`).join("");
  if (terminal === undefined) {
    throw new VouchError("usage", `The key holds several accounts: ${names.join(", ")}.`, {
      hint: withCommands`Name one: ${ours("login", { account: names[0] })}`,
    });
  }
  terminal.write(`The key holds several accounts:\n${list}`);
  for (;;) {
    terminal.write(`Which one, 1 to ${names.length}? `);
    const typed = terminal.readLine({ hidden: false, signal: app.signal });
    const number = Number((await endLine(app, terminal, typed)).trim());
    if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1;
  }
}
