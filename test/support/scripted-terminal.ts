import assert from "node:assert/strict";
import type { TerminalDevice } from "../../plugin/app.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** What the person does at a question: types a line, presses Ctrl-C, or is not there. */
export type Answer = string | { readonly does: "press Ctrl-C" | "nothing" };

/** A terminal with a person who answers according to a script. */
export interface ScriptedTerminal {
  /** The final contents, without hidden input. */
  readonly shown: () => string;
  /** Every line that was written over another, including those that are gone. */
  readonly rewritten: readonly string[];
  readonly open: () => TerminalDevice;
  /** Fails if an answer was not asked for, or the terminal was left open. */
  readonly verify: () => void;
}

export function scriptedTerminal(answers: readonly Answer[] = []): ScriptedTerminal {
  const left = [...answers];
  let shown = "";
  const rewritten: string[] = [];
  let openCount = 0;
  return {
    shown: () => shown,
    rewritten,
    verify() {
      assert.deepEqual(left, [], "answers that nobody asked for");
      assert.equal(openCount, 0, "terminals left open");
    },
    open() {
      let isOpen = true;
      openCount += 1;
      return {
        write(text) {
          assert.ok(isOpen, `written to a closed terminal: ${text}`);
          shown += text;
        },
        rewrite(text) {
          assert.ok(isOpen, `written to a closed terminal: ${text}`);
          shown = shown.slice(0, shown.lastIndexOf("\n") + 1) + text;
          rewritten.push(text);
        },
        async readLine({ hidden, signal }) {
          assert.ok(isOpen, "read from a closed terminal");
          const answer = left.shift();
          if (answer === undefined) assert.fail(`this test did not expect the question: ${shown}`);
          if (typeof answer === "string") {
            if (!hidden) shown += answer;
            return answer;
          }
          if (answer.does === "nothing") await aborted(signal);
          throw new VouchError("interrupted", "Interrupted.");
        },
        close() {
          assert.ok(isOpen, "closed twice");
          isOpen = false;
          openCount -= 1;
        },
      };
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
