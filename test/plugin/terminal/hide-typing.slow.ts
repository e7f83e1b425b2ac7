import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { onLinux } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MODULE = path.resolve(import.meta.dirname, "../../../plugin/terminal/terminal.ts");

/**
 * Two questions for a PIN on macOS, at one of which it can exit; then writes what was typed, or why not, and what the terminal was
 * told meanwhile.
 */
const PROGRAM = (notes: string) => `
  import fs from "node:fs";
  import { execFileSync } from "node:child_process";
  import { processIo } from ${JSON.stringify(MODULE)};
  const facts = () => execFileSync("/bin/stty", ["-a"], { stdio: [fs.openSync("/dev/tty"), "pipe", "inherit"], encoding: "utf8" });
  const notes = { before: facts(), lines: [] };
  const write = () => fs.writeFileSync(${JSON.stringify(notes)}, JSON.stringify({ ...notes, after: facts() }));
  const terminal = processIo(Object.create(process, { platform: { value: "darwin" } })).openTerminal();
  for (const name of ["first", "second"]) {
    const line = terminal.readLine({ hidden: true, signal: new AbortController().signal });
    setTimeout(() => {
      notes[name] = facts();
      terminal.write(name + "?");
      if (process.argv[2] === name) process.on("exit", write).exit();
    }, 100);
    notes.lines.push(await line.catch((error) => error.code));
  }
  terminal.close();
  write();`;

interface Notes {
  readonly before: string;
  readonly first: string;
  readonly lines: readonly string[];
  readonly after: string;
}

describe("a PIN on a terminal of macOS, as far as Linux has one", () => {
  const folder = tempFolder();

  /** Types each answer when it is asked for. */
  async function asked(answers: readonly string[], exitsAt = ""): Promise<Notes & { shown: string }> {
    const notes = path.join(folder(), "notes.json");
    const program = path.join(folder(), "program.mjs");
    fs.writeFileSync(program, PROGRAM(notes));
    const command = `exec ${process.execPath} ${program} ${exitsAt}`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let shown = "";
    const left = [...answers];
    for await (const chunk of child.stdout) {
      shown += String(chunk);
      if (!String(chunk).includes("?")) continue;
      const answer = left.shift();
      if (answer !== undefined) child.stdin.write(answer);
    }
    return { ...(JSON.parse(fs.readFileSync(notes, "utf8")) as Notes), shown };
  }

  onLinux("is read by whole lines without echo, and the terminal is as it was afterwards", async () => {
    const { first, lines, before, after, shown } = await asked(["12345x\u007f6\rpasted\r", "second\r"]);
    assert.match(first, / icanon /);
    assert.match(first, / -echo /);
    assert.deepEqual(lines, ["123456", "second"]);
    assert.equal(after, before);
    assert.doesNotMatch(shown, /1|pasted/);
  });

  onLinux(
    "is interrupted by Ctrl-C, which reaches no other program, and the terminal is as it was",
    async () => {
      const { lines, before, after } = await asked(["12\u0003", "second\r"]);
      assert.deepEqual(lines, ["interrupted", "second"]);
      assert.equal(after, before);
    },
  );

  onLinux("leaves the terminal as it was if the program exits meanwhile", async () => {
    const { first, before, after } = await asked([], "first");
    assert.match(first, / -echo /);
    assert.equal(after, before);
  });
});
