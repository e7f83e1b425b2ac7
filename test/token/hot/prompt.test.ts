import assert from "node:assert/strict";
import { answerPrompt, promptText } from "../../../token/hot/prompt.ts";
import { currentFile } from "../../../token/hot/state-files.ts";
import { NOON_TABLE, STATE } from "../../support/hot-cases.ts";
import { fakeHost } from "../../support/hot-host.ts";

const PLAIN = NOON_TABLE.situation({ name: "", answers: true });
const CURRENT = currentFile(STATE);

/** Whether it answers, and what it prints. */
function asked(changes: Partial<typeof PLAIN> = {}): readonly [boolean, string] {
  const host = fakeHost({
    ...PLAIN,
    env: { HOME: "/home/ada" },
    args: ["status", "--prompt"],
    ...changes,
  });
  const answers = answerPrompt(host);
  assert.deepEqual(host.written, []);
  return [answers, host.printed.join("")];
}

describe("status --prompt", () => {
  it("says how long the session of the last login lives", () => {
    assert.deepEqual(asked(), [true, "vouch 8h0m\n"]);
    assert.deepEqual(asked({ now: PLAIN.now + 7 * 3600_000 + 59_001 }), [true, "vouch 59m\n"]);
    assert.deepEqual(asked({ now: PLAIN.now + 8 * 3600_000 - 45_000 }), [true, "vouch 45s\n"]);
    assert.deepEqual(asked({ now: PLAIN.now + 9 * 3600_000 }), [true, "vouch ended\n"]);
  });

  it("is of the server that VOUCH_SERVER names, where somebody is logged in there", () => {
    const env = { HOME: "/home/ada", VOUCH_SERVER: "https://us.vouch.sh" };
    assert.deepEqual(asked({ env }), [true, "vouch 8h0m\n"]);
    assert.deepEqual(asked({ env: { ...env, VOUCH_SERVER: "https://other.example" } }), [false, ""]);
  });

  const { [CURRENT]: _current, ...others } = PLAIN.files;
  const doubts: Readonly<Record<string, Partial<typeof PLAIN>>> = {
    "another word": { args: ["status", "--prompt", "--server", "x"] },
    "another command": { args: ["status"] },
    "another flag": { args: ["status", "--prompt=true"] },
    "debug lines": { env: { HOME: "/home/ada", VOUCH_DEBUG: "1" } },
    "a server where nobody is logged in": {
      env: { HOME: "/home/ada", VOUCH_SERVER: "https://other.example" },
    },
    "a call below kubectl": { env: { HOME: "/home/ada", KUBERNETES_EXEC_INFO: "{}" } },
    "a file that others could have written": { exposed: [CURRENT] },
    "a file that is torn": { files: { ...PLAIN.files, [CURRENT]: "{" } },
    "no home": { env: {} },
  };
  for (const [what, changes] of Object.entries(doubts)) {
    it(`leaves ${what} to the full program`, () => {
      assert.deepEqual(asked(changes), [false, ""]);
    });
  }

  it("is nothing where nobody is logged in", () => {
    assert.equal(promptText(undefined, 0), "");
    assert.deepEqual(asked({ files: others }), [true, ""]);
    const nobody = JSON.stringify({ version: 1, servers: {} });
    assert.deepEqual(asked({ files: { ...PLAIN.files, [CURRENT]: nobody } }), [true, ""]);
  });

  it("is of the server and the account that the settings name", () => {
    const current = JSON.parse(PLAIN.files[CURRENT] ?? "");
    const settings = (changes: object) =>
      asked({ files: { ...PLAIN.files, [CURRENT]: JSON.stringify({ ...current, ...changes }) } });
    assert.deepEqual(settings({ server: "https://other.example" }), [false, ""]);
    assert.deepEqual(settings({ account: "grace@example.com" }), [false, ""]);
    assert.deepEqual(settings({ last: "https://other.example", server: current.last }), [
      true,
      "vouch 8h0m\n",
    ]);
  });
});
