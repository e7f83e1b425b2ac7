import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_PIN } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const KEY = "Yubico YubiKey 5 NFC (5.7.1)";

describe("kubectl vouch enroll", () => {
  const desk = labDeskAtRest();
  const enroll = (...flags: string[]) => ["enroll", "--key-store", "file", ...flags];

  /** A person without a key at the server; each test has another. */
  let people = 0;
  const newcomer = () => {
    people += 1;
    return desk.lab.vouch.addUser({ email: `newcomer-${people}@example.com`, domain: "example.com" });
  };
  /** Approves, in the browser, the first code that is shown. */
  const approves = ({ id: userId }: { readonly id: string }, hardwareVerified = false) => {
    let seen = "";
    let done = false;
    return (text: string) => {
      seen += text;
      const [, code] = /approve the code ([A-Z-]{9})/.exec(seen) ?? [];
      if (code === undefined || done) return;
      done = true;
      desk.lab.vouch.approveDevice(code, { userId, hardwareVerified });
    };
  };
  const nothingKept = () =>
    assert.equal(fs.existsSync(path.join(desk.home, ".local/state/kubectl-vouch/current.json")), false);

  it("opens the browser at the server's page, waits, and keeps the session", async () => {
    const user = newcomer();
    const opened: string[] = [];
    const { status, stdout, stderr } = await desk.run(enroll(), {
      onErr: approves(user),
      openBrowser: async (address) => opened.push(address) > 0,
    });
    assert.deepEqual([status, stdout], [0, ""], stderr);
    const { url } = desk.lab.vouch;
    assert.match(
      stderr,
      new RegExp(
        `^Enrolling with ${url}\\nOpened ${url}/device in your browser.\\nSign in there and approve the code ([A-Z-]{9})\\n` +
          `Waiting for your approval in the browser…\\nEnrolled and logged in as ${user.email} until .* \\(7 h 59 min\\)\\.\\n`,
      ),
    );
    const [, code] = /the code (\S+)/.exec(stderr) ?? [];
    assert.deepEqual(opened, [`${url}/device?user_code=${code}`]);
    assert.match(stderr, /\nRegister your security key: `kubectl vouch keys add`\n/);
    assert.match(
      stderr,
      /\nFor AWS and Kubernetes, log in with your security key: `kubectl vouch login --force`\n$/,
    );
    const said = await desk.run(["status", "-o", "json"]);
    assert.deepEqual([said.status, JSON.parse(said.stdout).email], [0, user.email]);
  });

  for (const [where, flags, openBrowser] of [
    ["with --no-browser", ["--no-browser"], undefined],
    ["where none can be opened", [], async () => false],
  ] as const) {
    it(`shows the whole address ${where}, and a QR code on a terminal`, async () => {
      const approve = approves(newcomer());
      const onErr = (text: string) => {
        if (text.endsWith("browser…")) desk.advance(5000);
        approve(text);
      };
      const { status, stderr } = await desk.run(enroll(...flags, "-o", "yaml"), {
        ...{ onErr, openBrowser, terminals: ["stderr"] },
      });
      assert.equal(status, 0, stderr);
      assert.ok(stderr.includes(`\u001b[97m\u001b[40m${"█".repeat(33)}`));
      assert.match(
        stderr,
        /\nOpen https:\/\/localhost:\d+\/device\?user_code=([A-Z-]{9}) in a browser on this or/,
      );
      assert.match(stderr, /Waiting for your approval in the browser… 9:55 left/);
    });
  }

  it("tells programs who was enrolled, in one object", async () => {
    const user = newcomer();
    const { stdout } = await desk.run(enroll("--no-browser", "-ojson"), { onErr: approves(user, true) });
    const { expiresAt, expiresInSeconds, endpoints, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, {
      apiVersion: "vouch.kubectl/v1",
      kind: "Enrolment",
      server: desk.lab.vouch.url,
      email: user.email,
      keyStore: "file",
      hardwareVerified: true,
    });
    assert.ok(Date.parse(expiresAt) > desk.lab.clock() && expiresInSeconds > 28_000 && endpoints.stsEndpoint);
  });

  it("registers the plugged-in key when the person says so, which then logs in", async () => {
    const user = newcomer();
    const terminal = scriptedTerminal(["", LAB_PIN]);
    const { status, stderr } = await desk.run(enroll("--no-browser"), {
      ...{ onErr: approves(user), terminal, terminals: ["stdin"] },
    });
    assert.equal(status, 0, stderr);
    assert.equal(
      terminal.shown(),
      "You have not registered a security key there yet. Register the one that is plugged in now? [Y/n] \n" +
        `PIN of ${KEY}: \nTouch your security key now (it blinks)…\n`,
    );
    terminal.verify();
    assert.match(
      stderr,
      /\nRegistered Yubico YubiKey 5 NFC \(5\.7\.1\) with https:\/\/localhost:\d+\.\nFor AWS and /,
    );

    const login = await desk.run(["login", "--force", "--pin-stdin", "--account", user.email], {
      ...{ stdin: `${LAB_PIN}\n`, terminal: "none" },
    });
    assert.equal(login.status, 0, login.stderr);
  });

  it("registers none when the person does not want it, and none of whoever has one", async () => {
    const terminal = scriptedTerminal(["n"]);
    const options = { terminal, terminals: ["stdin"] } as const;
    const { stderr } = await desk.run(enroll("--no-browser"), { ...options, onErr: approves(newcomer()) });
    assert.match(stderr, /\nRegister your security key: /);
    const [ada = assert.fail()] = desk.lab.vouch.users;
    const known = await desk.run(enroll("--no-browser"), { ...options, onErr: approves(ada) });
    assert.deepEqual([known.status, /Register/.test(known.stderr)], [0, false], known.stderr);
    terminal.verify();
  });

  it("registers the key at once with --add-key, the PIN from standard input", async () => {
    const { status, stdout, stderr } = await desk.run(
      enroll("--no-browser", "--add-key", "--pin-stdin", "-o", "json"),
      { onErr: approves(newcomer()), stdin: `${LAB_PIN}\n`, terminal: "none" },
    );
    assert.equal(status, 0, stderr);
    const { key, hardwareVerified } = JSON.parse(stdout);
    assert.deepEqual([key.name, hardwareVerified], [KEY, false]);
    assert.equal(desk.lab.vouch.credentials.at(-1)?.keyId, key.id);
  });

  it("keeps the session when the key cannot be registered", async () => {
    desk.touch = "declined";
    const { status, stdout, stderr } = await desk.run(
      enroll("--no-browser", "--add-key", "--pin-stdin", "-o", "json"),
      { onErr: approves(newcomer()), stdin: `${LAB_PIN}\n`, terminal: "none" },
    );
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /The registration was declined on Yubico YubiKey .* \[security-key-declined\]/);
    assert.equal((await desk.run(["status"])).status, 0);
  });

  it("keeps nothing when it is denied", async () => {
    let seen = "";
    const onErr = (text: string) => {
      const before = seen;
      seen += text;
      const find = (from: string) => /approve the code ([A-Z-]{9})/.exec(from)?.[1];
      if (find(before) === undefined && find(seen) !== undefined) desk.lab.vouch.denyDevice(find(seen) ?? "");
    };
    const { status, stderr } = await desk.run(enroll("--no-browser"), { onErr });
    assert.equal(status, 5);
    assert.match(stderr, /it was denied in the browser, or a policy .*\[permission-denied\]/);
    nothingKept();
  });

  it("ends with 130 on Ctrl-C, and keeps nothing", async () => {
    const abort = new AbortController();
    const onErr = (text: string) => {
      if (text.includes("Waiting")) abort.abort();
    };
    const { status, stderr } = await desk.run(enroll("--no-browser"), { onErr, signal: abort.signal });
    assert.equal(status, 130);
    assert.match(stderr, /\[interrupted\]/);
    nothingKept();
  });

  for (const [flags, problem] of [
    [["--pin-stdin"], /--pin-stdin works only with --add-key/],
    [["--timeout", "-1"], /--timeout must be a number of seconds/],
  ] as const) {
    it(`refuses ${flags.join(" ")}`, async () => {
      const { status, stderr } = await desk.run(enroll(...flags));
      assert.equal(status, 64);
      assert.match(stderr, problem);
    });
  }
});
