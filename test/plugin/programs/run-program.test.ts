import assert from "node:assert/strict";
import { runProgram } from "../../../plugin/programs/run-program.ts";
import { onPosix } from "../../support/platform.ts";

const env = { PATH: "/usr/bin:/bin", GREETING: "hello" };
const signal = new AbortController().signal;

describe("runProgram", () => {
  onPosix(
    "programs",
    "gives what a program says and how it ends, with its own environment and no other",
    async () => {
      const { seconds, ...result } = await runProgram(
        ["/bin/sh", "-c", 'echo "$GREETING $1"; echo no >&2; exit 3', "-", "there"],
        { env, signal },
      );
      assert.deepEqual(result, { exitCode: 3, stdout: "hello there\n", stderr: "no\n" });
      assert.ok(seconds >= 0);
    },
  );

  onPosix("programs", "does not let it say what we would say with --debug", async () => {
    const script = 'echo "[$VOUCH_DEBUG]"';
    const { stdout } = await runProgram(["/bin/sh", "-c", script], {
      env: { ...env, VOUCH_DEBUG: "1" },
      signal,
    });
    assert.equal(stdout, "[]\n");
  });

  onPosix("programs", "leaves it neither a terminal nor something to read", async () => {
    const script = 'read line; echo "read: $?"; (: < /dev/tty) 2>/dev/null && echo terminal || echo none';
    const { stdout } = await runProgram(["/bin/sh", "-c", script], { env, signal });
    assert.equal(stdout, "read: 1\nnone\n");
  });

  onPosix("programs", "ends it and its children when it is told to stop", async () => {
    const control = new AbortController();
    const work = runProgram(["/bin/sh", "-c", "sleep 60 & wait"], { env, signal: control.signal });
    setTimeout(() => control.abort(new Error("no time left")), 50);
    await assert.rejects(work, { message: "no time left" });
    await assert.rejects(runProgram(["/bin/echo"], { env, signal: control.signal }), {
      message: "no time left",
    });
  });

  onPosix("programs", "tells by which signal a program ended", async () => {
    const { exitCode, stderr } = await runProgram(["/bin/sh", "-c", "kill -TERM $$"], { env, signal });
    assert.deepEqual([exitCode, stderr], [-1, "/bin/sh was ended by SIGTERM\n"]);
  });

  it("rejects for a program that is not there", async () => {
    await assert.rejects(runProgram(["/nowhere/program"], { env, signal }), { code: "ENOENT" });
  });
});
