import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../../../support/run-command.ts";
import { centerLab } from "./center-lab.ts";

const PROGRAM = path.join(import.meta.dirname, "ask-for-token", "main.ts");
const HOOK = path.resolve(import.meta.dirname, "../../../faults/hook.ts");
const PAST = "2026-01-15T12:00:00Z";

describe("programs that refresh a session at Identity Center", () => {
  const lab = centerLab();

  function ask(
    node: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const { home, standIn, caFile } = lab();
    return runCommand([process.execPath, ...node, PROGRAM, home, standIn.url, caFile], { env });
  }
  const exchanges = () => lab().standIn.calls.filter(({ operation }) => operation === "CreateToken");
  const left = () => fs.readdirSync(path.dirname(lab().tokenFile));

  it("at the same time ask AWS once, and all have the same token", async () => {
    lab().logIn({ expiresAt: PAST });
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()));
    const tokens = new Set(answers.map(({ stdout, stderr }) => stdout || stderr));
    assert.deepEqual([...tokens], [lab().readToken()["accessToken"]]);
    assert.equal(exchanges().length, 1);
    assert.deepEqual(left(), [path.basename(lab().tokenFile)]);
  });

  it("and are killed at any step leave a whole file, and nothing in the way of the next one", async () => {
    for (let step = 1; ; step += 1) {
      lab().center.sessions.length = 0;
      lab().standIn.clearCalls();
      const before = lab().logIn({ expiresAt: PAST });
      const killed = await ask(["--import", HOOK], { FAULT_HOOK: JSON.stringify({ dieAt: step }) });
      const now = lab().readToken();
      const isOld = now["accessToken"] === before["accessToken"];
      assert.ok(isOld || now["accessToken"] === lab().center.sessions[0]?.accessTokens.at(-1)?.token);
      assert.ok(isOld || (fs.statSync(lab().tokenFile).mode & 0o777) === 0o600);
      const wasAsked = exchanges().length > 0;
      const next = await ask();
      // What AWS has answered and nobody could write down is lost: the refresh token was good once.
      if (isOld && wasAsked) assert.equal(next.stderr, "sso-session-expired", `step ${step}`);
      else assert.equal(next.stdout, lab().readToken()["accessToken"], `step ${step}: ${next.stderr}`);
      // Nobody needs the lock while the token is good; who needs it next takes over that of the dead.
      const name = path.basename(lab().tokenFile);
      assert.deepEqual(left(), isOld ? [name] : left().filter((one) => one.startsWith(name)), `step ${step}`);
      if (killed.status === 0) {
        assert.ok(step > 6, `only ${step} steps`);
        return;
      }
    }
  });
});
