import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { readPipe } from "../../../../plugin/commands/doctor/case-files.ts";
import { makePipe } from "../../../support/hostile-files.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("a pipe that a bundle is read from", () => {
  const folder = tempFolder();
  const pipeOf = async (script: string) => {
    const pipe = path.join(folder(), `pipe-${Math.random()}`);
    await makePipe(pipe);
    const writer = spawn("/bin/sh", ["-c", script, pipe], { stdio: "ignore", env: {} });
    after(() => writer.kill());
    return pipe;
  };
  const { signal } = new AbortController();

  onPosix("modes", "is read to its end, however slow and long its writer is", async () => {
    const slow = await pipeOf('sleep 0.3; { printf "a"; sleep 0.3; printf "b\\303\\244"; } > "$0"');
    assert.equal(await readPipe(slow, signal), "abä");
    const long = await pipeOf('yes 0123456789abcde | head -n 20000 > "$0"');
    assert.equal((await readPipe(long, signal)).length, 320_000);
  });

  onPosix("modes", "is read in UTF-16", async () => {
    assert.equal(await readPipe(await pipeOf(`printf '\\377\\376a\\000b\\000' > "$0"`), signal), "ab");
  });

  onPosix("modes", "is not read beyond a limit", async () => {
    await assert.rejects(readPipe(await pipeOf('yes > "$0"'), signal), {
      code: "file-unreadable",
      message: /it is longer than 16777216 bytes\.$/,
    });
  });

  onPosix("modes", "does not keep the process from ending where nobody writes", async () => {
    await assert.rejects(readPipe(await pipeOf("true"), AbortSignal.timeout(100)), { name: "AbortError" });
  });
});
