import { ours, pipe, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { AssertionPrompts, PinAsk, TouchAsk } from "../../token/fido2/prompts.ts";
import { systemTimers, type Timers } from "../../token/timers.ts";
import type { App, TerminalDevice } from "../app.ts";
import { typedAt } from "../terminal/ask.ts";
import { refusesEscapes } from "../terminal/style.ts";

/** How a person is asked during a login. */
export interface LoginPrompts extends AssertionPrompts {
  /** Where they appear; undefined if they go to stderr. */
  readonly terminal: TerminalDevice | undefined;
  close(): void;
}

interface LoginPromptsOptions {
  readonly pinFromStdin: boolean;
  /** The expected e-mail address, if the person gave one. */
  readonly account: string | undefined;
  /** The account of the last login at this server, offered first. */
  readonly lastAccount?: string | undefined;
  readonly timers?: Timers;
}

/** Prompts go to the terminal itself: some clients swallow stderr. Without a terminal they go to stderr. */
export function loginPrompts(
  app: App,
  { pinFromStdin, account, lastAccount, timers = systemTimers }: LoginPromptsOptions,
): LoginPrompts {
  const terminal = app.io.openTerminal();
  const say = (text: string) => (terminal === undefined ? app.io.err(text) : terminal.write(text));

  return {
    terminal,
    pin: (ask) => (pinFromStdin ? pinOfStdin(app, ask.retry) : pinOfTerminal(app, terminal, ask)),
    insertKey: () => say("Plug in your security key…\n"),
    unplugged: () => say("The security key was unplugged.\n"),
    touch: (ask) => {
      const counts = ask.action !== "dialog" && !refusesEscapes(app.env);
      if (terminal !== undefined && counts) return touchLine(ask, terminal, timers);
      say(`${touchText(ask)}\n`);
      return () => undefined;
    },
    busy: () => say("Another program is using the security key (a browser, ssh, gpg); waiting…\n"),
    choose: async (accounts) => {
      const names = accounts.map(({ name, displayName }) => name ?? displayName ?? "(no name)");
      const wanted = account === undefined ? -1 : names.indexOf(account);
      if (wanted >= 0) return wanted;
      return chooseAccount({ app, terminal, names, preferred: names.indexOf(lastAccount ?? "") });
    },
    close: () => terminal?.close(),
  };
}

async function pinOfStdin(app: App, retry: boolean): Promise<string | undefined> {
  if (retry) return undefined;
  const pin = (await app.io.readStdin()).split(/\r?\n/, 1)[0];
  if (pin) return pin;
  throw new VouchError(
    "pin-unavailable",
    "Standard input does not contain a PIN, although --pin-stdin is set.",
    {
      hint: withCommands`Pipe it in, for example ${pipe(run("pass", "show vouch-pin"), ours("login --pin-stdin"))}.`,
    },
  );
}

async function pinOfTerminal(
  app: App,
  terminal: TerminalDevice | undefined,
  ask: PinAsk,
): Promise<string | undefined> {
  if (terminal === undefined) return undefined;
  return typedAt(app, terminal, `${whatWasWrong(ask)}PIN of ${ask.keyName}: `, { hidden: true });
}

function whatWasWrong({ problem, attemptsLeft, minLength }: PinAsk): string {
  const left =
    attemptsLeft === undefined ? "" : `${attemptsLeft} ${attemptsLeft === 1 ? "try" : "tries"} left`;
  switch (problem) {
    case "too-short":
      return `The PIN of this key must be at least ${minLength} characters long; nothing was sent to the key.\n`;
    case "too-long":
      return "A PIN can be at most 63 bytes long; nothing was sent to the key.\n";
    case "finger-refused":
      return "Fingerprint not recognized; type the PIN instead.\n";
    case "finger-blocked":
      return "The key does not accept fingerprints until you enter its PIN.\n";
    case "wrong":
      return `Wrong PIN${left === "" ? "" : `; ${left}`}.\n`;
    case undefined:
      return attemptsLeft === undefined || attemptsLeft > FEW_TRIES ? "" : lastTries(attemptsLeft);
  }
}

/** With this few tries left, their number is shown before the first of them. */
const FEW_TRIES = 3;

function lastTries(left: number): string {
  const tries = left === 1 ? "This is the last try" : `${left} tries are left`;
  return `${tries} before the key permanently blocks its PIN.\n`;
}

async function chooseAccount({
  app,
  terminal,
  names,
  preferred,
}: {
  readonly app: App;
  readonly terminal: TerminalDevice | undefined;
  readonly names: readonly string[];
  /** The index that Enter alone chooses; -1 for none. */
  readonly preferred: number;
}): Promise<number> {
  const list = names.map((name, index) => `  ${index + 1}  ${name}\n`).join("");
  if (terminal === undefined) {
    throw new VouchError("usage", `The key has several accounts: ${names.join(", ")}.`, {
      hint: withCommands`Select one: ${ours("login", { account: names[0] })}`,
    });
  }
  terminal.write(`The key has several accounts:\n${list}`);
  const proposed = preferred < 0 ? "" : ` [${preferred + 1}]`;
  for (;;) {
    const question = `Which one, 1 to ${names.length}${proposed}? `;
    const typed = (await typedAt(app, terminal, question)).trim();
    if (typed === "" && preferred >= 0) return preferred;
    const number = Number(typed);
    if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1;
  }
}

/** How long keys wait for a touch, in seconds. Source: token/fido2/CTAP.md, "Channels". */
const PATIENCE_S = 30;

/** What the person should do, in one line. */
function touchText({ action, attemptsLeft }: TouchAsk): string {
  if (action === "choose") return "Several security keys are plugged in; touch the one to use (they blink)…";
  if (action === "dialog")
    return "Use your security key in the Windows Security window (Alt+Tab brings it to the front)…";
  if (action === "touch") return "Touch your security key now (it blinks)…";
  const again =
    attemptsLeft === undefined
      ? ""
      : `Not recognized (${attemptsLeft} ${attemptsLeft === 1 ? "try" : "tries"} left). `;
  return `${again}Place your finger on the security key now (it blinks)…`;
}

/** Shows the line with the seconds that the key still waits; the returned function ends it. */
function touchLine(
  ask: TouchAsk,
  terminal: Pick<TerminalDevice, "write" | "rewrite">,
  timers: Timers,
): () => void {
  const text = touchText(ask);
  let stop = () => {};
  const show = (left: number) => {
    terminal.rewrite(left > 0 ? `${text} ${left} s` : text);
    if (left > 0) stop = timers.after(1000, () => show(left - 1));
  };
  show(PATIENCE_S);
  return () => {
    stop();
    terminal.rewrite(text);
    terminal.write("\n");
  };
}
