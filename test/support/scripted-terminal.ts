import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { TerminalDevice } from "../../plugin/app.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** What the person does at a question: types a line, presses Ctrl-C, or is not there; or the keys that are pressed at a list. */
export type Answer = string | readonly string[] | { readonly does: "press Ctrl-C" | "nothing" };

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
          assert.ok(typeof answer === "string" || "does" in answer, `not a list of keys: ${shown}`);
          if (typeof answer === "string") {
            if (!hidden) shown += answer;
            return answer;
          }
          if (answer.does === "nothing") await aborted(signal);
          throw new VouchError("interrupted", "Interrupted.");
        },
        streams() {
          assert.ok(isOpen, "opened a closed terminal");
          const keys = left.shift();
          assert.ok(Array.isArray(keys), `this test did not expect a list: ${shown}`);
          const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
          let isDrawn = false;
          const output = new Writable({
            write(chunk, _encoding, done) {
              shown += chunk;
              if (!isDrawn) void press(input, keys);
              isDrawn = true;
              done();
            },
          });
          return { input, output: Object.assign(output, { columns: 100, rows: 30 }) };
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

/** Presses each key after what the one before has changed was drawn. */
async function press(input: PassThrough, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await setImmediate();
    await setImmediate();
    input.write(key);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
