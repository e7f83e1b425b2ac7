import assert from "node:assert/strict";
import { run } from "../../../plugin/cli.ts";
import { printDebugLines } from "../../../plugin/terminal/debug-lines.ts";
import { debug, isDebugging, withoutDebugLines } from "../../../token/debug.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("--debug", () => {
  const home = tempFolder();
  const call = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const app = fakeApp({ home: home(), env: { HOME: home(), ...env }, clock: Date.now });
    const status = await run(args, app);
    assert.equal(isDebugging(), false);
    return { status, ...app.written };
  };

  const wanted: Record<string, [readonly string[], Record<string, string>]> = {
    "the flag": [["status", "--debug"], {}],
    "the flag in front": [["--debug", "status"], {}],
    "the flag with a value": [["status", "--debug=true"], {}],
    "the variable": [["status"], { VOUCH_DEBUG: "1" }],
  };
  for (const [how, [args, env]] of Object.entries(wanted))
    onPosix("pipes", `by ${how} adds lines to stderr, and nothing else`, async () => {
      const plain = await call(["status"]);
      const { stderr, ...rest } = await call(args, env);
      assert.deepEqual({ stderr: withoutDebugLines(stderr), ...rest }, plain);
      assert.match(stderr, /^debug \+\d+\.\d{3}s kubectl-vouch \S+, Node v\d+/);
      assert.match(stderr, /^debug \+\d+\.\d{3}s command status: /m);
      assert.match(stderr, /s read ~\/\.local\/state\/kubectl-vouch\/current\.json: not found$/m);
      assert.match(stderr, /s server https:\/\/us\.vouch\.sh \(from default\)$/m);
    });

  const unwanted: Record<string, [readonly string[], Record<string, string>]> = {
    "without it": [["status"], {}],
    "when the flag says so": [["status", "--debug=false"], {}],
    "when the variable says so": [["status"], { VOUCH_DEBUG: "0" }],
    "on TAB": [["__complete", "stat"], { VOUCH_DEBUG: "1" }],
    "for a word after --": [["status", "--", "--debug"], {}],
  };
  for (const [when, [args, env]] of Object.entries(unwanted))
    it(`adds nothing ${when}`, async () => {
      assert.doesNotMatch((await call(args, env)).stderr, /debug \+/);
    });

  it("shows where an error comes from, also that of a wrong command line", async () => {
    const { status, stderr } = await call(["statsu", "--debug"]);
    assert.equal(status, 64);
    assert.match(
      stderr,
      /s failed:\ndebug \+\S+ VouchError: kubectl vouch: unknown command statsu\.\ndebug \+\S+ {5}at /,
    );
    assert.match(stderr, /\nerror: kubectl vouch: unknown command statsu\. \[usage\]\n/);
  });

  it("does not repeat a word too many, which may be a PIN", async () => {
    assert.doesNotMatch((await call(["login", "97531864", "--debug"])).stderr, /97531864/);
  });

  it("is known to TAB and to the help of every command", async () => {
    assert.match((await call(["__complete", "status", "--deb"])).stdout, /^--debug\t/);
    assert.match((await call(["credential", "eks", "--help"])).stdout, /--debug\b/);
  });
});

describe("a debug line", () => {
  const home = tempFolder();
  const printed = (line: string) => {
    const app = fakeApp({ home: home() });
    const stop = printDebugLines(app);
    debug(line);
    stop();
    debug("after the end");
    return app.written.stderr
      .replaceAll(/\+\d+\.\d{3}s/g, "+TIME")
      .split("\n")
      .slice(1, -1);
  };

  it("names files as the person does", () => {
    assert.deepEqual(printed(`read ${home()}/.kube/config`), ["debug +TIME read ~/.kube/config"]);
  });

  it("hides what has the form of a secret", () => {
    const token = `k8s-aws-v1.${Buffer.from("https://sts.example/?X-Amz-Signature=0123").toString("base64url")}`;
    assert.deepEqual(printed(`run helper --token ${token} https://ada:hunter2@proxy`), [
      "debug +TIME run helper --token *** https://***@proxy",
    ]);
  });

  it("hides a private key that takes several lines", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqG\n-----END PRIVATE KEY-----";
    assert.deepEqual(printed(`failed:\n${key}\nend`), [
      "debug +TIME failed:",
      "debug +TIME ***",
      "debug +TIME ***",
      "debug +TIME ***",
      "debug +TIME end",
    ]);
  });

  it("moves no cursor", () => {
    assert.deepEqual(printed("read \u001b[2Jfile"), ["debug +TIME read \\u001b[2Jfile"]);
  });
});
