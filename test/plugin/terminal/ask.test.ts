import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { askYes } from "../../../plugin/terminal/ask.ts";
import { guardedIo } from "../../../plugin/terminal/terminal.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const ERASE = "\r\u001b[K";

describe("questions at the terminal", () => {
  it("are asked one after the other, in the order of the asking", async () => {
    const terminal = scriptedTerminal(["y", "n"]);
    const app = fakeApp({ home: "/nonexistent", terminal });
    assert.deepEqual(await Promise.all([askYes(app, "One?"), askYes(app, "Two?")]), [true, false]);
    assert.equal(terminal.shown(), "One? [y/N] y\nTwo? [y/N] n\n");
    terminal.verify();
  });

  it("are not asked any more once one was interrupted", async () => {
    const terminal = scriptedTerminal([{ does: "press Ctrl-C" }]);
    const app = fakeApp({ home: "/nonexistent", terminal });
    const both = await Promise.allSettled([askYes(app, "One?"), askYes(app, "Two?")]);
    assert.deepEqual(
      both.map((one) => (one.status === "rejected" ? one.reason.code : one.value)),
      ["interrupted", "interrupted"],
    );
    assert.equal(terminal.shown(), "One? [y/N] \n");
    terminal.verify();
  });

  it("stand alone in their line: progress is erased before, and not drawn until the answer", async () => {
    const written: string[] = [];
    let answer = (_: string) => {};
    const { paint, openTerminal } = guardedIo({
      write: (_, text) => written.push(text),
      openTerminal: () => ({
        write: (text) => written.push(`[${text}]`),
        rewrite: () => {},
        readLine: () => new Promise<string>((resolve) => (answer = resolve)),
        streams: () => assert.fail("no list is shown"),
        close: () => {},
      }),
      readStdin: async () => "",
      ...{ isTerminal: () => true, columns: 80 },
    });
    const progress = (text: string) => paint("err", ERASE + text);
    progress("1 of 3");
    const terminal = openTerminal();
    terminal?.write("Code: ");
    const typed = terminal?.readLine({ hidden: false, signal: new AbortController().signal });
    progress("2 of 3");
    answer("123456");
    await typed;
    await setImmediate();
    progress("3 of 3");
    assert.deepEqual(written, [`${ERASE}1 of 3`, ERASE, "[Code: ]", `${ERASE}3 of 3`]);
  });
});
