import assert from "node:assert/strict";
import { NO_FILE } from "../../../token/hot/file-identity.ts";
import { fnv32 } from "../../../token/hot/fnv.ts";
import { promptKey } from "../../../token/hot/key.ts";
import { answerPrompt, type PromptSession, promptText } from "../../../token/hot/prompt.ts";
import { currentFile, promptFile } from "../../../token/hot/state-files.ts";
import { NOON_TABLE, STATE } from "../../support/hot-cases.ts";
import { fakeHost } from "../../support/hot-host.ts";

const PLAIN = NOON_TABLE.situation({ name: "", answers: true });
const CURRENT = currentFile(STATE);

const ENV = { HOME: "/home/ada" };
const KUBECONFIG = "/home/ada/.kube/config";

/** What the full program noted, with the kubeconfig as it was then. */
function noted(env: Readonly<Record<string, string>>, session?: PromptSession): Record<string, string> {
  const key = promptKey((name) => env[name]);
  const finding = { key, witnesses: [[KUBECONFIG, NO_FILE]], session };
  return { [promptFile(STATE, fnv32(key))]: JSON.stringify(finding) };
}

/** Whether it answers, and what it prints, if nothing but Vouch was found unless `session` is given. */
function asked(
  { files = PLAIN.files, env = ENV, ...changes }: Partial<typeof PLAIN> = {},
  session?: PromptSession,
): readonly [boolean, string] {
  const host = fakeHost({
    ...PLAIN,
    env,
    args: ["status", "--prompt"],
    ...changes,
    files: { ...noted(env, session), ...files },
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

  it("is of the AWS profile that the full program found, as long as the files are the same", () => {
    const dev = { name: "dev", end: PLAIN.now + 54 * 60_000 };
    assert.deepEqual(asked({}, dev), [true, "dev 54m\n"]);
    assert.deepEqual(asked({ now: dev.end }, dev), [true, "dev ended\n"]);
    assert.deepEqual(asked({ now: dev.end }, { ...dev, isRefreshable: true }), [true, "dev\n"]);
    assert.deepEqual(asked({}, { name: "keys" }), [true, ""]);
    assert.deepEqual(asked({ files: { ...PLAIN.files, [KUBECONFIG]: "" } }, dev), [false, ""]);
  });

  it("is found out anew for another profile, another kubeconfig, and where nothing is noted", () => {
    const files = { ...PLAIN.files, ...noted(ENV) };
    const names = [
      ...["KUBECONFIG", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_ACCESS_KEY_ID"],
      ...["AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"],
    ];
    for (const name of names) {
      const host = fakeHost({ ...PLAIN, files, env: { ...ENV, [name]: "/x" }, args: ["status", "--prompt"] });
      assert.equal(answerPrompt(host), false, name);
    }
    for (const text of [
      "{",
      "[]",
      "null",
      '{"key":1}',
      noted(ENV)[Object.keys(noted(ENV))[0] ?? ""]?.replace("prompt", "x") ?? "",
    ])
      assert.deepEqual(asked({ files: { ...PLAIN.files, [Object.keys(noted(ENV))[0] ?? ""]: text } }), [
        false,
        "",
      ]);
    assert.deepEqual(asked({ exposed: Object.keys(noted(ENV)) }), [false, ""]);
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
