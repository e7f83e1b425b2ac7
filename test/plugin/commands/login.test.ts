import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { SOFT_KEY_PROFILES } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential } from "../../lab/key/soft-key-state.ts";
import { LAB_PIN, LAB_USER } from "../../lab/lab.ts";
import { startVouchStandIn } from "../../lab/vouch/vouch-stand-in.ts";
import { onReadOnlyDisk } from "../../support/full-disk.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { CREDENTIAL_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const WITH_PIN = { stdin: `${LAB_PIN}\n`, terminal: "none" } as const;
const KEY = "Yubico YubiKey 5 NFC (5.7.1)";

suiteOnPosix("lab", "kubectl vouch login", () => {
  const desk = labDeskAtRest();
  const login = (...flags: string[]) => ["login", "--key-store", "file", ...flags];
  const state = (...names: string[]) => path.join(desk.home, ".local/state/kubectl-vouch", ...names);

  /** Files of a session: nothing may stay behind of a login that failed. */
  const traces = () =>
    fs
      .readdirSync(desk.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(desk.home, path.join(entry.parentPath, entry.name)))
      .filter((file) => /current\.json|session|marks|touch-refused/.test(file));

  const second = (email: string) => {
    const user = desk.lab.vouch.addUser({ email, domain: "example.com" });
    const state = desk.key;
    const userHandle = Buffer.from(user.id.replaceAll("-", ""), "hex");
    const credential = enrolCredential(state, { rpId: "localhost", userHandle, userName: email });
    desk.key = state;
    desk.lab.vouch.addCredential({ userId: user.id, ...credential });
  };

  it("asks for the PIN on the terminal, then for a touch, and says who is logged in", async () => {
    const terminal = scriptedTerminal([LAB_PIN]);
    const { status, stdout, stderr } = await desk.run(login(), { terminal });

    assert.equal(status, 0, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^Logging in to https:\/\/localhost:\d+\nLogged in as ada@example\.com until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S* \(7 h 59 min\)\.\nUsing a custom AWS endpoint: https:\/\/127\.0\.0\.1:\d+\/ \(STS, EKS, IAM, SSO, SSO OIDC, Sign-In\)\nAlso trusting the CAs in \S+\/ca\.pem \(Vouch, AWS\)\n$/,
    );
    assert.equal(terminal.shown(), `PIN of ${KEY}: \nTouch your security key now (it blinks)…\n`);
    terminal.verify();
    assert.equal((await desk.run(["status"])).status, 0);
  });

  for (const profile of SOFT_KEY_PROFILES) {
    it(`works with a ${profile.name}`, async () => {
      desk.keyProfile = profile;
      const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /\nLogged in as ada@example\.com until /);
      assert.equal((await desk.run(["status"])).status, 0);
    });
  }

  it("takes the PIN from standard input and speaks on stderr where there is no terminal", async () => {
    const { status, stdout, stderr } = await desk.run(login("--pin-stdin"), {
      ...WITH_PIN,
      stdin: `${LAB_PIN}\r\nwhat follows is nobody's business\n`,
    });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(stderr, /\nTouch your security key now \(it blinks\)…\nLogged in as ada@example\.com/);
  });

  it("asks again after a wrong PIN, and tells the tries that are left", async () => {
    const terminal = scriptedTerminal(["1", "wrong-pin", LAB_PIN]);
    const { status, stderr } = await desk.run(login(), { terminal });

    assert.equal(status, 0, stderr);
    assert.equal(
      terminal.shown(),
      `PIN of ${KEY}: \n` +
        `The PIN of this key must be at least 4 characters long; nothing was sent to the key.\nPIN of ${KEY}: \n` +
        `Wrong PIN; 7 tries left.\nPIN of ${KEY}: \n` +
        "Touch your security key now (it blinks)…\n",
    );
    terminal.verify();
  });

  it("warns before the last try", async () => {
    desk.key = { ...desk.key, pinRetries: 1 };
    const terminal = scriptedTerminal([LAB_PIN]);
    assert.equal((await desk.run(login(), { terminal })).status, 0);
    assert.match(terminal.shown(), /^This is the last try before the key permanently blocks its PIN\.\n/);
  });

  it("tries a wrong PIN of standard input once, and tells the tries that are left", async () => {
    const { status, stderr } = await desk.run(login("--pin-stdin"), { ...WITH_PIN, stdin: "wrong-pin\n" });
    assert.equal(status, 3);
    assert.match(
      stderr,
      /error: The PIN is wrong\. Attempts left: 7\. \[pin-wrong\]\nRun `kubectl vouch login` and type the PIN again\.\n$/,
    );
    assert.equal(desk.key.pinRetries, 7);
    assert.deepEqual(traces(), []);
  });

  for (const stdin of ["", "\n", "\n24681357\n"]) {
    it(`says that ${JSON.stringify(stdin)} on standard input holds no PIN`, async () => {
      const { status, stderr } = await desk.run(login("--pin-stdin"), { ...WITH_PIN, stdin });
      assert.equal(status, 3);
      assert.match(
        stderr,
        /Standard input does not contain a PIN, although --pin-stdin is set\. \[pin-unavailable\]/,
      );
      assert.equal(desk.key.pinRetries, 8);
    });
  }

  it("says that nobody can be asked where there is no terminal", async () => {
    const { status, stderr } = await desk.run(login(), { terminal: "none" });
    assert.equal(status, 3);
    assert.match(stderr, /Cannot prompt for the PIN of .+: no terminal\. \[pin-unavailable\]\n/);
  });

  it("stops when the key is touched to decline", async () => {
    desk.touch = "declined";
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 3);
    assert.match(
      stderr,
      /\[security-key-declined\]\nRun `kubectl vouch login` and touch the key when it blinks\.\n$/,
    );
    assert.deepEqual(traces(), []);
  });

  it("stops when nobody touches the key", async () => {
    desk.touch = "timeout";
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 3);
    assert.match(stderr, /\[security-key-untouched\]/);
    assert.deepEqual(traces(), []);
  });

  it("waits for a key as long as --timeout says, and says what it waits for", async () => {
    desk.isKeyPlugged = false;
    const { status, stderr } = await desk.run(login("--pin-stdin", "--timeout", "0.05"), WITH_PIN);
    assert.equal(status, 3);
    assert.match(
      stderr,
      /\nPlug in your security key…\n.*\[security-key-missing\]\nPlug in your security key/s,
    );
  });

  for (const value of ["abc", "-1", "Infinity"]) {
    it(`refuses --timeout ${value}`, async () => {
      const { status, stderr } = await desk.run(login("--timeout", value));
      assert.equal(status, 64);
      assert.equal(
        stderr,
        "error: --timeout must be a number of seconds; 0 means no limit. [usage]\n" +
          "For example: `kubectl vouch login --timeout 120`\n",
      );
    });
  }

  it("ends with 130 on Ctrl-C at the PIN, and leaves nothing behind", async () => {
    const terminal = scriptedTerminal([{ does: "press Ctrl-C" }]);
    const { status, stderr } = await desk.run(login(), { terminal });
    assert.equal(status, 130);
    assert.match(stderr, /error: .+ \[interrupted\]\n/);
    assert.equal(terminal.shown(), `PIN of ${KEY}: \n`, "what follows begins on a line of its own");
    terminal.verify();
    assert.deepEqual(traces(), []);
  });

  it("ends with 130 when a signal comes while the key blinks, and leaves nothing behind", async () => {
    const controller = new AbortController();
    desk.touch = () => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const { status, stderr } = await desk.run(login("--pin-stdin"), {
      ...WITH_PIN,
      signal: controller.signal,
    });
    assert.equal(status, 130, stderr);
    assert.deepEqual(traces(), []);
  });

  it("ends with 130 when a signal comes while it waits for a key", async () => {
    desk.isKeyPlugged = false;
    const controller = new AbortController();
    const { status } = await desk.run(login("--pin-stdin", "--timeout", "0"), {
      ...WITH_PIN,
      signal: controller.signal,
      onErr: (text) => text.startsWith("Plug in") && controller.abort(),
    });
    assert.equal(status, 130);
    assert.deepEqual(traces(), []);
  });

  it("ends with 130 when a signal comes while the server is slow", async () => {
    desk.lab.vouch.faults.slowMs = 3_600_000;
    const signal = AbortSignal.timeout(50);
    const { status } = await desk.run(login("--pin-stdin"), { ...WITH_PIN, signal });
    assert.equal(status, 130);
  });

  it("refuses the key of somebody else when --account names a person, and ends that session", async () => {
    const before = desk.lab.vouch.liveSessions;
    const { status, stderr } = await desk.run(
      login("--pin-stdin", "--account", "grace@example.com"),
      WITH_PIN,
    );
    assert.equal(status, 5);
    assert.match(
      stderr,
      /error: This key belongs to ada@example\.com at https:\/\/localhost:\d+, not to grace@example\.com\. \[login-refused\]\nUse the key of grace@example\.com, or run `kubectl vouch login --server https:\/\/localhost:\d+`\.\n$/,
    );
    assert.equal(desk.lab.vouch.liveSessions, before);
    assert.deepEqual(traces(), []);
  });

  it("refuses the key of somebody else when config.yaml names a person", async () => {
    desk.write(".config/kubectl-vouch/config.yaml", "account: grace@example.com\nkeyStore: file\n");
    const { status, stderr } = await desk.run(["login", "--pin-stdin"], WITH_PIN);
    assert.equal(status, 5);
    assert.match(stderr, /not to grace@example\.com\. \[login-refused\]/);
  });

  it("picks the account that --account names from a key that holds several", async () => {
    second("grace@example.com");
    const flags = login("--pin-stdin", "--account", "grace@example.com");
    assert.match((await desk.run(flags, WITH_PIN)).stderr, /Logged in as grace@example\.com/);
  });

  it("asks which account of several, until the answer is one of them", async () => {
    second("hedy@example.com");
    const terminal = scriptedTerminal([LAB_PIN, "", "3", "one", "2"]);
    const { status, stderr } = await desk.run(login(), { terminal });
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`Logged in as ${LAB_USER}`));
    assert.match(
      terminal.shown(),
      /The key has several accounts:\n {2}1 {2}hedy@example\.com\n {2}2 {2}ada@example\.com\nWhich one, 1 to 2\? \nWhich one, 1 to 2\? 3\n/,
    );
    terminal.verify();
  });

  it("lists the accounts where nobody can be asked", async () => {
    second("ines@example.com");
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 64);
    assert.match(
      stderr,
      /error: The key has several accounts: ines@example\.com, ada@example\.com\. \[usage\]\nSelect one: `kubectl vouch login --account ines@example\.com`\n$/,
    );
  });

  it("replaces an older session of the same person", async () => {
    desk.logIn();
    assert.equal((await desk.run(login("--pin-stdin"), WITH_PIN)).status, 0);
    const sessions = fs.readdirSync(path.join(desk.home, ".local/state/kubectl-vouch/sessions"));
    assert.equal(sessions.length, 1);
  });

  it("keeps one session of two logins at once", async () => {
    const both = await Promise.all([1, 2].map(() => desk.run(login("--pin-stdin"), WITH_PIN)));
    const refused = both.filter(({ status }) => status !== 0);
    assert.ok(refused.length < 2);
    // A server refuses a key's answer that comes after a later one of the same key: its counter went back.
    for (const { stderr } of refused) assert.match(stderr, /HTTP 400 invalid_grant.* \[login-refused\]\n/);
    assert.equal((await desk.run(["status"])).status, 0);
    const sessions = fs.readdirSync(path.join(desk.home, ".local/state/kubectl-vouch/sessions"));
    assert.equal(sessions.length, 1, "no session is left that nobody can log out");
  });

  it("keeps secrets where config.yaml says, in files only the owner can read", async () => {
    desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
    assert.equal((await desk.run(["login", "--pin-stdin"], WITH_PIN)).status, 0);
    const keys = path.join(desk.home, ".local/share/kubectl-vouch/keys");
    const modes = fs.readdirSync(keys).map((name) => fs.statSync(path.join(keys, name)).mode & 0o777);
    assert.deepEqual([...new Set(modes)], [0o600]);
    assert.equal(fs.statSync(keys).mode & 0o777, 0o700);
    assert.match((await desk.run(["status"])).stdout, /^Secrets: {4}in files that only you can read$/m);
  });

  it("refuses a key store that does not exist", async () => {
    const { status, stderr } = await desk.run(["login", "--key-store", "vault"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: --key-store must be keyring or file, not "vault"\. \[usage\]\n/);
  });

  it("names the file and the line of a broken config.yaml", async () => {
    const file = desk.write(".config/kubectl-vouch/config.yaml", "server: https://us.vouch.sh\naccount: [\n");
    const { status, stderr } = await desk.run(login());
    assert.equal(status, 6);
    assert.match(stderr, new RegExp(`^error: Cannot use ${file}: line \\d+: .+ \\[config-invalid\\]\n`));
  });

  it("stops before anything is asked when our folder cannot be made", async () => {
    desk.write(".local/state", "a file where a folder should be");
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 6, stderr);
    assert.match(
      stderr,
      /\.local\/state\/kubectl-vouch\/current\.json cannot be read: a part of its path is not/,
    );
  });

  it("is refused before the key is asked where others may write our folder", async () => {
    fs.mkdirSync(state(), { recursive: true });
    fs.chmodSync(state(), 0o777);
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 6);
    assert.equal(
      stderr,
      `Logging in to ${desk.lab.vouch.url}\nerror: ${state()} is writable by others (mode 777). [directory-unsafe]\n` +
        `If no one else put anything there, run \`chmod 700 ${state()}\`; otherwise remove it.\n`,
    );
  });

  it("is refused before the key is asked where nothing can be kept", async () => {
    fs.mkdirSync(state(), { recursive: true, mode: 0o700 });
    const before = desk.lab.vouch.liveSessions;
    const { status, stderr } = await onReadOnlyDisk(desk.home, () =>
      desk.run(login("--pin-stdin"), WITH_PIN),
    );
    assert.equal(status, 6);
    assert.match(stderr, /^error: Folder \S+ cannot be written: .*read-only.*\. \[file-unwritable\]\n/m);
    assert.equal(desk.lab.vouch.liveSessions, before);
    assert.doesNotMatch(stderr, /Touch/);
  });

  it("ends the session at the server too when it cannot be kept", async () => {
    fs.mkdirSync(state(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(state("sessions"), "");
    const before = desk.lab.vouch.liveSessions;
    const { status, stderr } = await desk.run(login("--pin-stdin"), WITH_PIN);
    assert.equal(status, 6, stderr);
    assert.match(stderr, /sessions is not a directory\. \[directory-unsafe\]/);
    assert.equal(desk.lab.vouch.liveSessions, before);
  });

  it("asks one of two kubectl that need it at once; the other uses the session", async () => {
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    await desk.run(["logout"]);
    desk.lab.vouch.faults.down = false;
    desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
    const terminals = [scriptedTerminal([LAB_PIN]), scriptedTerminal()];
    const words = [...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url];
    const info = {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      spec: { interactive: true },
    };
    const answers = await Promise.all(
      terminals.map((terminal, index) =>
        desk.run(words, {
          env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
          answersSecret: true,
          parentId: 200 + index,
          terminal,
        }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status, stderr }) => ({ status, stderr })),
      [
        { status: 0, stderr: "" },
        { status: 0, stderr: "" },
      ],
    );
    for (const terminal of terminals) terminal.verify();
    assert.equal(terminals[1]?.shown(), "");
  });

  describe("against a server that fails", () => {
    const fails = async (...flags: string[]) => {
      const { status, stdout, stderr } = await desk.run(login("--pin-stdin", ...flags), WITH_PIN);
      assert.equal(stdout, "");
      assert.deepEqual(traces(), []);
      return { status, code: /\[([a-z-]+)\]\n/.exec(stderr)?.[1], stderr };
    };

    it("says that a server that is down gives no answer", async () => {
      desk.lab.vouch.faults.down = true;
      const { status, code } = await fails();
      assert.deepEqual({ status, code }, { status: 4, code: "server-unreachable" });
    });

    it("says that nobody listens", async () => {
      const { status, code, stderr } = await fails("--server", "https://localhost:1");
      assert.deepEqual({ status, code }, { status: 4, code: "server-unreachable" });
      assert.match(stderr, /localhost:1 /);
    });

    it("says that it was asked too often", async () => {
      desk.lab.vouch.faults.rateLimit = { times: 99, retryAfter: 60 };
      const { status, code } = await fails();
      assert.deepEqual({ status, code }, { status: 8, code: "rate-limited" });
    });

    for (const httpStatus of [500, 503]) {
      it(`says that the server failed with ${httpStatus}`, async () => {
        desk.lab.vouch.faults.failure = { times: 99, status: httpStatus };
        const { status, code, stderr } = await fails();
        assert.deepEqual({ status, code }, { status: 4, code: "server-failed" });
        assert.match(stderr, new RegExp(String(httpStatus)));
      });
    }

    it("does not take a sign-in page for an answer", async () => {
      desk.lab.vouch.faults.captivePortal = true;
      const { status, code } = await fails();
      assert.deepEqual({ status, code }, { status: 4, code: "server-answer-invalid" });
    });

    it("repeats what a policy says", async () => {
      desk.lab.vouch.faults.policyRefusal = "Disk encryption is off";
      const { status, stderr } = await fails();
      assert.equal(status, 5);
      assert.match(stderr, /Disk encryption is off/);
    });

    it("does not touch the key for a server that asks for another host's credential", async () => {
      const { ca, clock } = desk.lab;
      const other = await startVouchStandIn({ ca, clock, rpId: "vouch.example.com" });
      desk.touch = () => assert.fail("the key blinked for another host");
      try {
        const { status, code } = await fails("--server", other.url);
        assert.deepEqual({ status, code }, { status: 6, code: "rp-id-mismatch" });
      } finally {
        await other.close();
      }
    });

    it("does not trust a certificate of an unknown authority", async () => {
      const { status, stderr } = await desk.run(login("--pin-stdin"), {
        ...WITH_PIN,
        env: { VOUCH_CA_BUNDLE: undefined },
      });
      assert.equal(status, 4);
      assert.match(stderr, /\[server-untrusted\]/);
    });

    it("says that the file of certificate authorities is missing", async () => {
      const { status, stderr } = await desk.run(login("--pin-stdin"), {
        ...WITH_PIN,
        env: { VOUCH_CA_BUNDLE: "/nonexistent/ca.pem" },
      });
      assert.equal(status, 6);
      assert.match(stderr, /^error: .*\/nonexistent\/ca\.pem.* \[[a-z-]+\]\n/m);
    });

    it("refuses a switched-off check of certificates", async () => {
      const { status, stderr } = await desk.run(login(), { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
      assert.equal(status, 6);
      assert.match(stderr, /\[tls-check-disabled\]\nRun `unset NODE_TLS_REJECT_UNAUTHORIZED`\./);
    });

    it("refuses plain http to another machine", async () => {
      const { status, stderr } = await desk.run(login("--server", "http://vouch.example.com"));
      assert.equal(status, 6);
      assert.match(stderr, /\[server-url-invalid\]/);
    });
  });
});
