import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type Keyboard, readTypedLine } from "../../../plugin/terminal/terminal.ts";
import { onPosix } from "../../support/platform.ts";

/** A keyboard in memory that keeps what a terminal would be told. */
class FakeKeyboard extends EventEmitter implements Keyboard {
  readonly told: string[] = [];

  setRawMode(raw: boolean): void {
    this.told.push(raw ? "raw" : "cooked");
  }

  resume(): void {
    this.told.push("resume");
  }

  pause(): void {
    this.told.push("pause");
  }

  type(...chunks: (string | number[])[]): void {
    for (const chunk of chunks) this.emit("data", Buffer.from(chunk as string));
  }
}

describe("readTypedLine", () => {
  const read = (signal = new AbortController().signal) => {
    const keyboard = new FakeKeyboard();
    let echoed = "";
    const line = readTypedLine(keyboard, {
      signal,
      echo: (text) => {
        echoed += text;
      },
    });
    return { keyboard, line, echoed: () => echoed };
  };

  const lines: [string, (string | number[])[], string, string?][] = [
    ["keys one by one", ["1", "2", "3", "\r"], "123"],
    ["a whole line at once", ["1234\n"], "1234"],
    ["a paste of several lines, the first of which counts", ["1234\n5678\n"], "1234"],
    ["the end of input after some text", ["12", "\u0004"], "12"],
    ["an empty line", ["\r"], ""],
    ["backspace", ["12x", "\u007f", "3\r"], "123", "12x\b \b3"],
    ["backspace of the other kind, also where nothing is left", ["\b\bx\b\b1\r"], "1", "x\b \b1"],
    ["a letter of several bytes", ["\u00fc\u{1f511}\r"], "\u00fc\u{1f511}"],
    [
      "a letter whose bytes come one by one",
      [[0xc3], [0xbc, 0xf0], [0x9f, 0x94], [0x91], "\r"],
      "\u00fc\u{1f511}",
    ],
    ["backspace over a letter of several bytes", ["1\u{1f511}\u007f\r"], "1", "1\u{1f511}\b \b"],
    ["Ctrl-U, which starts again", ["abc\u0015", "12\r"], "12", "abc\b \b\b \b\b \b12"],
    ["arrows and function keys, which write nothing", ["1\u001b[A2\u001bOP3\u001b[1;5D\r"], "123"],
    ["the brackets around a paste", ["\u001b[200~1234\u001b[201~\r"], "1234"],
    ["other control keys, which write nothing", ["1\t2\u0001\r"], "12"],
  ];
  for (const [what, typed, expected, echo = expected] of lines) {
    it(`takes ${what}`, async () => {
      const { keyboard, line, echoed } = read();
      keyboard.type(...typed);
      assert.equal(await line, expected);
      assert.equal(echoed(), echo);
    });
  }

  it("reads in raw mode, and leaves the terminal as it found it", async () => {
    const { keyboard, line } = read();
    keyboard.type("1\r");
    await line;
    assert.deepEqual(keyboard.told, ["raw", "resume", "cooked", "pause"]);
    assert.deepEqual(keyboard.eventNames(), []);
  });

  for (const [what, give] of [
    ["Ctrl-C", (keyboard) => keyboard.type("12\u0003\r")],
    ["Ctrl-D on an empty line", (keyboard) => keyboard.type("\u0004")],
    ["a terminal that ends", (keyboard) => keyboard.emit("end")],
    ["a terminal that fails", (keyboard) => keyboard.emit("error", new Error("EIO"))],
  ] as [string, (keyboard: FakeKeyboard) => void][]) {
    it(`is interrupted by ${what}, and leaves the terminal as it found it`, async () => {
      const { keyboard, line } = read();
      give(keyboard);
      await assert.rejects(line, { code: "interrupted" });
      assert.deepEqual(keyboard.told, ["raw", "resume", "cooked", "pause"]);
      assert.deepEqual(keyboard.eventNames(), []);
    });
  }

  it("is interrupted by a signal", async () => {
    const controller = new AbortController();
    const { keyboard, line } = read(controller.signal);
    keyboard.type("12");
    controller.abort();
    await assert.rejects(line, { code: "interrupted" });
    assert.deepEqual(keyboard.told, ["raw", "resume", "cooked", "pause"]);
  });

  it("does not begin when the signal was there before", async () => {
    const { keyboard, line } = read(AbortSignal.abort());
    await assert.rejects(line, { code: "interrupted" });
    assert.deepEqual(keyboard.told, []);
  });
});

describe("openTerminal", () => {
  for (const platform of ["linux", "win32"]) {
    onPosix("pipes", `finds none on ${platform} where no terminal controls the process`, async () => {
      const module = path.resolve(import.meta.dirname, "../../../plugin/terminal/terminal.ts");
      const script = `import { processIo } from ${JSON.stringify(module)};
        const program = Object.create(process, { platform: { value: ${JSON.stringify(platform)} } });
        console.log(processIo(program).openTerminal() === undefined);`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
      });
      assert.equal(await text(child.stdout), "true\n");
    });
  }
});
