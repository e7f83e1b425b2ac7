import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const BUILT = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");

describe("the built program on its own", () => {
  const folder = tempFolder();
  const env = () => ({ PATH: "/usr/bin:/bin", HOME: folder() });

  it("starts in a folder that was removed", async () => {
    const gone = path.join(folder(), "gone");
    fs.mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" version';
    const command = ["sh", "-c", script, "sh", gone, process.execPath, BUILT];
    const { status, stdout, stderr } = await runCommand(command, { env: env() });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.match(stdout, /^kubectl-vouch \d/);
  });

  it("ends on Ctrl-C although what it waits for knows none", async () => {
    const child = spawn(process.execPath, [BUILT, "token", "explain"], { env: env(), stdio: "pipe" });
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const closed = once(child, "close") as Promise<[number | null]>;
    // A pipe takes what nobody reads; that it is read shows that the program waits for its end.
    child.stdin.write("x".repeat(1024 * 1024), () => child.kill("SIGINT"));
    const [status] = await closed;
    assert.deepEqual(
      { status, stderr: Buffer.concat(said).toString() },
      {
        status: 130,
        stderr: "error: Interrupted. [interrupted]\nRun the command again when you are ready.\n",
      },
    );
  });
});
