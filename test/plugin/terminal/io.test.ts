import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { mock } from "node:test";
import { processIo } from "../../../plugin/terminal/terminal.ts";
import { onPosix } from "../../support/platform.ts";
import { runCommand } from "../../support/run-command.ts";

const IO = JSON.stringify(path.resolve(import.meta.dirname, "../../../plugin/terminal/terminal.ts"));

/** A program that does this with the real streams. */
function program(script: string): string[] {
  return [
    "--input-type=module",
    "-e",
    `import { processIo } from ${IO};\nconst io = processIo(process);\n${script}`,
  ];
}

const env = Object.fromEntries(Object.entries(process.env).map(([name, value = ""]) => [name, value]));

describe("processIo", () => {
  afterEach(() => mock.restoreAll());

  onPosix("pipes", "writes data and words to their streams, and reads all of standard input", async () => {
    const script = `const text = await io.readStdin(); io.err("words\\n"); io.out(text.toUpperCase()); process.exit(0);`;
    const stdin = "ü".repeat(200_000);
    const result = await runCommand([process.execPath, ...program(script)], { env, stdin });
    assert.deepEqual(
      { ...result, stdout: result.stdout.length },
      { status: 0, stdout: 200_000, stderr: "words\n" },
    );
    assert.equal(result.stdout, stdin.toUpperCase());
  });

  onPosix("pipes", "erases a line of progress before something else is written", async () => {
    const script = `io.paint("err", "\\r\\u001b[KReading…"); io.err("warning\\n"); io.out("data\\n"); io.paint("err", "\\r\\u001b[KMore…"); io.paint("err", "\\r\\u001b[K"); io.err("end\\n"); process.exit(0);`;
    const { stderr } = await runCommand([process.execPath, ...program(script)], { env });
    const erase = "\r\u001b[K";
    assert.equal(stderr, `${erase}Reading…${erase}warning\n${erase}More…${erase}end\n`);
  });

  onPosix(
    "pipes",
    "reads what Windows PowerShell pipes or saves, in which no secret would be recognized as UTF-8",
    async () => {
      const script = `io.out(await io.readStdin()); process.exit(0);`;
      const stdin = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("token: büro\n", "utf16le")]);
      const { stdout } = await runCommand([process.execPath, ...program(script)], { env, stdin });
      assert.equal(stdout, "token: büro\n");
    },
  );

  onPosix("pipes", "reads no more of standard input than a limit, however much there is", async () => {
    const script = `await io.readStdin().catch(({ code, message }) => io.out(code + ": " + message)); process.exit(0);`;
    const child = spawn(process.execPath, program(script), { env, stdio: ["pipe", "pipe", "inherit"] });
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stdin.on("error", () => undefined);
    const flood = () => {
      while (child.stdin.writable && child.stdin.write("x".repeat(65_536)));
    };
    child.stdin.on("drain", flood);
    flood();
    await once(child, "close");
    assert.equal(
      Buffer.concat(said).toString(),
      "file-unreadable: Standard input cannot be read: it is longer than 16777216 bytes.",
    );
  });

  onPosix("pipes", "loses nothing to a slow reader when the process ends at once", async () => {
    const child = spawn(process.execPath, program(`io.out("x".repeat(2_000_000)); process.exit(0);`), {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let length = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      child.stdout.pause();
      setImmediate(() => child.stdout.resume());
    });
    const [status] = (await once(child, "close")) as [number];
    assert.deepEqual({ status, length }, { status: 0, length: 2_000_000 });
  });

  onPosix("pipes", "does not mind a reader that has gone", async () => {
    const script = `process.stdin.once("data", () => { io.out("x".repeat(2_000_000)); io.err("done"); process.exit(7); });`;
    const child = spawn(process.execPath, program(script), { env, stdio: "pipe" });
    child.stdout.destroy();
    child.stdin.end("go");
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [status] = (await once(child, "close")) as [number];
    assert.deepEqual({ status, said: Buffer.concat(said).toString() }, { status: 7, said: "done" });
  });

  onPosix("pipes", "tells no terminal where there is none", async () => {
    const script = `io.out(JSON.stringify([...["stdin", "stdout", "stderr"].map(io.isTerminal), io.columns]));`;
    const { stdout } = await runCommand([process.execPath, ...program(script)], { env });
    assert.equal(stdout, "[false,false,false,100]");
  });

  const failing = (code: string, message: string) => {
    mock.method(fs, "writeSync", () => {
      throw Object.assign(new Error(message), { code });
    });
  };

  it("says that data could not be written to a full disk", () => {
    failing("ENOSPC", "ENOSPC: no space left on device, write");
    assert.throws(() => processIo(process).out("data"), {
      code: "file-unwritable",
      message: "Cannot write to standard output: the disk is full.",
    });
  });

  it("goes on when nobody can be told", () => {
    failing("ENOSPC", "no space");
    assert.doesNotThrow(() => processIo(process).err("words"));
  });

  it("tries again when the stream is full for a moment", () => {
    const written: string[] = [];
    let calls = 0;
    mock.method(fs, "writeSync", (_stream: number, data: Uint8Array) => {
      calls += 1;
      if (calls === 1) throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN" });
      const part = data.subarray(0, 3);
      written.push(Buffer.from(part).toString());
      return part.length;
    });
    processIo(process).out("12345678");
    mock.restoreAll();
    assert.deepEqual(written, ["123", "456", "78"]);
  });
});
