import type { TouchAsk } from "../../token/fido2/prompts.ts";
import type { Timers } from "../../token/timers.ts";
import type { TerminalDevice } from "../app.ts";

/** How long keys wait for a touch, in seconds. Source: token/fido2/CTAP.md, "Channels". */
const PATIENCE_S = 30;

/** What the person should do, in one line. */
export function touchText({ action, attemptsLeft }: TouchAsk): string {
  if (action === "choose") return "Several security keys are plugged in; touch the one to use (they blink)…";
  if (action === "touch") return "Touch your security key now (it blinks)…";
  const again =
    attemptsLeft === undefined
      ? ""
      : `Not recognized (${attemptsLeft} ${attemptsLeft === 1 ? "try" : "tries"} left). `;
  return `${again}Place your finger on the security key now (it blinks)…`;
}

/** Shows the line with the seconds that the key still waits; the returned function ends it. */
export function touchLine(
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
