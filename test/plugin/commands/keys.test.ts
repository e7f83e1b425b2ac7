import assert from "node:assert/strict";
import { newSoftKeyState } from "../../lab/key/soft-key-state.ts";
import { LAB_PIN, LAB_USER } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const KEY = "Yubico YubiKey 5 NFC (5.7.1)";
const WITH_PIN = { stdin: `${LAB_PIN}\n`, terminal: "none" } as const;
const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

suiteOnPosix("lab", "kubectl vouch keys", () => {
  const desk = labDesk();
  const objectOf = async (...args: string[]) => JSON.parse((await desk.run([...args, "-o", "json"])).stdout);
  /** As another key of the same maker, with nothing on it. */
  const otherKey = (pin: string | undefined = LAB_PIN) => {
    const { maker } = desk.key;
    desk.key = newSoftKeyState({ pin, ...(maker === undefined ? {} : { maker }) });
  };
  const add = async (name: string) => {
    const { status, stderr } = await desk.run(["keys", "add", "--name", name, "--pin-stdin"], WITH_PIN);
    assert.equal(status, 0, stderr);
  };
  /** The server forgets what a test added. */
  afterEach(() => {
    const { vouch } = desk.lab;
    for (const { keyId } of vouch.credentials.slice(1)) vouch.removeKey(keyId);
  });

  describe("list", () => {
    it("says what is plugged in, without a login, a PIN or a touch", async () => {
      desk.touch = () => assert.fail("a list wants no touch");
      const { status, stdout, stderr } = await desk.run(["keys"]);
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 0,
          stdout:
            "PLUGGED IN                    PATH          FIRMWARE  PROTOCOLS                              PIN                FINGERPRINT\n" +
            `${KEY}  /dev/hidraw0  5.7.1     U2F_V2 FIDO_2_0 FIDO_2_1_PRE FIDO_2_1  set, 8 tries left  none\n`,
          stderr: `Cannot list the keys registered with ${desk.lab.vouch.url}: you are not logged in\n`,
        },
      );
    });

    it("says what is registered too, once somebody is logged in", async () => {
      desk.logIn();
      const { stdout, stderr } = await desk.run(["keys", "list"]);
      assert.match(
        stdout,
        new RegExp(
          `\\n\\nREGISTERED          MODEL  SINCE       SESSION  ID\\nYubiKey of the lab  \\?      \\d{4}-\\d\\d-\\d\\d  \\*        ${UUID}\\n$`,
        ),
      );
      assert.equal(stderr, "");
    });

    it("says the same to programs", async () => {
      desk.logIn();
      const { pluggedIn, registered, server, email } = await objectOf("keys");
      assert.deepEqual(pluggedIn, [
        {
          name: KEY,
          path: "/dev/hidraw0",
          usable: true,
          firmware: "5.7.1",
          versions: ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1"],
          pin: "set",
          pinTriesLeft: 8,
          fingerprint: "none",
        },
      ]);
      assert.deepEqual(
        [registered.length, registered[0].name, registered[0].current, server, email],
        [1, "YubiKey of the lab", true, desk.lab.vouch.url, LAB_USER],
      );
    });

    it("names the devices alone with -o name, and asks no server with --offline", async () => {
      desk.logIn();
      desk.lab.vouch.clearRequests();
      assert.equal((await desk.run(["keys", "-o", "name"])).stdout, "/dev/hidraw0\n");
      assert.equal((await objectOf("keys", "--offline")).registered, undefined);
      assert.deepEqual(desk.lab.vouch.requests, []);
    });

    for (const [change, words] of [
      [{ pinHash: null }, "not set"],
      [{ pinRetries: 1 }, "set, 1 try left"],
      [{ pinRetries: 0 }, "blocked, 0 tries left"],
      [{ pinRetries: 5, wrongInARow: 3 }, "unplug the key first, 5 tries left"],
      [{ forcePinChange: true }, "must be changed, 8 tries left"],
    ] as const) {
      it(`says of a key with ${JSON.stringify(change)}: ${words}`, async () => {
        desk.key = { ...desk.key, ...change };
        assert.match((await desk.run(["keys", "--offline"])).stdout, new RegExp(`  ${words} +none\n$`));
      });
    }

    it("says that nothing is plugged in", async () => {
      desk.isKeyPlugged = false;
      const { status, stdout, stderr } = await desk.run(["keys", "--offline"]);
      assert.deepEqual([status, stdout, stderr], [0, "", "No security key is plugged in.\n"]);
      assert.deepEqual((await objectOf("keys", "--offline")).pluggedIn, []);
    });

    it("says why the server does not tell", async () => {
      desk.logIn();
      desk.lab.vouch.faults.down = true;
      const { status, stderr } = await desk.run(["keys"]);
      assert.equal(status, 0);
      assert.match(stderr, /^Cannot list the keys registered with https:\S+: /);
      assert.match((await objectOf("keys")).notListedBecause, /localhost/);
    });
  });

  describe("add", () => {
    it("registers another key, which then logs in", async () => {
      desk.logIn();
      otherKey();
      const terminal = scriptedTerminal([LAB_PIN]);
      const { status, stdout, stderr } = await desk.run(["keys", "add", "--name", "spare key"], { terminal });
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 0,
          stdout: "",
          stderr: `Registered spare key for ${LAB_USER} with ${desk.lab.vouch.url}.\n`,
        },
      );
      assert.equal(terminal.shown(), `PIN of ${KEY}: \nTouch your security key now (it blinks)…\n`);
      terminal.verify();
      const login = await desk.run(["login", "--force", "--pin-stdin"], WITH_PIN);
      assert.equal(login.status, 0, login.stderr);
      const { registered } = await objectOf("keys");
      assert.deepEqual(
        registered.map(({ name, current }: Record<string, unknown>) => [name, current]),
        [
          ["YubiKey of the lab", false],
          ["spare key", true],
        ],
      );
    });

    it("calls the key by its model where nobody gives it a name, and tells programs its id", async () => {
      desk.logIn();
      otherKey();
      const { stdout } = await desk.run(["keys", "add", "--pin-stdin", "-o", "json"], WITH_PIN);
      const { id, name, kind, email } = JSON.parse(stdout);
      assert.deepEqual([name, kind, email], [KEY, "KeyAdded", LAB_USER]);
      assert.equal(desk.lab.vouch.credentials.at(-1)?.keyId, id);
    });

    it("sets a PIN on a key that has none", async () => {
      desk.logIn();
      otherKey(undefined);
      desk.key = { ...desk.key, pinHash: null };
      const terminal = scriptedTerminal([LAB_PIN, LAB_PIN]);
      const { status, stderr } = await desk.run(["keys", "add"], { terminal });
      assert.equal(status, 0, stderr);
      terminal.verify();
      assert.match(terminal.shown(), /does not have a PIN yet\. Choose one of at least 8 characters/);
      assert.notEqual(desk.key.pinHash, null);
    });

    it("does not register a key twice", async () => {
      desk.logIn();
      const { status, stderr } = await desk.run(["keys", "add", "--pin-stdin"], WITH_PIN);
      assert.equal(status, 3);
      assert.match(stderr, /is already registered for you with localhost\. \[security-key-enrolled\]/);
    });

    it("wants somebody logged in", async () => {
      const { status, stderr } = await desk.run(["keys", "add"]);
      assert.equal(status, 2);
      assert.match(stderr, /You are not logged in to .* \[logged-out\]/);
    });

    for (const name of [" ", "x".repeat(101)]) {
      it(`refuses a name of ${name.length} characters`, async () => {
        const { status, stderr } = await desk.run(["keys", "add", "--name", name]);
        assert.equal(status, 64);
        assert.match(stderr, /--name must be 1 to 100 characters long/);
      });
    }
  });

  describe("remove", () => {
    it("asks first, and takes the key away", async () => {
      desk.logIn();
      otherKey();
      await add("lost key");
      const terminal = scriptedTerminal(["y"]);
      const { status, stderr } = await desk.run(["keys", "remove", "lost key"], { terminal });
      assert.equal(status, 0, stderr);
      assert.match(terminal.shown(), new RegExp(`^Remove lost key \\(${UUID}\\)\\? \\[y/N\\] y\\n$`));
      assert.equal(stderr, `Removed lost key of ${LAB_USER} from ${desk.lab.vouch.url}.\n`);
      assert.equal((await objectOf("keys")).registered.length, 1);
    });

    it("has one log in anew where the server wants it", async () => {
      desk.logIn();
      const first = desk.key;
      otherKey();
      await add("lost key");
      desk.key = first;
      desk.advance(61_000);
      const { status, stdout, stderr } = await desk.run(
        ["keys", "remove", "lost key", "--yes", "--pin-stdin", "-o", "json"],
        WITH_PIN,
      );
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /^To remove a key, the server requires a fresh touch of a key that stays registered\.\nTouch your /,
      );
      const { kind, name, loggedOut } = JSON.parse(stdout);
      assert.deepEqual([kind, name, loggedOut], ["KeyRemoved", "lost key", false]);
    });

    it("says that one is logged out with the key of the session", async () => {
      desk.logIn();
      otherKey();
      await add("spare key");
      await desk.run(["login", "--force", "--pin-stdin"], WITH_PIN);
      const { status, stderr } = await desk.run(["keys", "remove", "spare key", "-y"]);
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /Ended 1 session that used it\.\nYou are logged out\. Log in with another key: `kubectl vouch login`\n$/,
      );
    });

    it("leaves the last key, and what the person does not want removed", async () => {
      desk.logIn();
      await desk.run(["login", "--force", "--pin-stdin"], WITH_PIN);
      const last = await desk.run(["keys", "remove", "YubiKey of the lab", "--yes"]);
      assert.equal(last.status, 5);
      assert.match(last.stderr, /it is your only key, and without it you could not log in/);

      const terminal = scriptedTerminal(["no"]);
      const kept = await desk.run(["keys", "remove", "YubiKey of the lab"], { terminal });
      assert.equal(kept.status, 130);
      assert.match(kept.stderr, /Nothing was removed\./);
    });

    it("knows no key of another name, and does not guess between two of one name", async () => {
      desk.logIn();
      const unknown = await desk.run(["keys", "remove", "nope", "--yes"]);
      assert.deepEqual([unknown.status, /\[key-unknown\]/.test(unknown.stderr)], [1, true]);
      otherKey();
      await add("YubiKey of the lab");
      const both = await desk.run(["keys", "remove", "YubiKey of the lab", "--yes"]);
      assert.match(both.stderr, /2 registered keys have the ID or name "YubiKey of the lab"\./);
    });

    it("asks nobody without a terminal", async () => {
      desk.logIn();
      const { status, stderr } = await desk.run(["keys", "remove", "YubiKey of the lab"], {
        terminal: "none",
      });
      assert.equal(status, 64);
      assert.match(stderr, /Cannot ask for confirmation without a terminal\. .*\nConfirm with `--yes`\./);
    });
  });

  it("shows its help, and says which commands there are", async () => {
    assert.match((await desk.run(["keys", "--help"])).stdout, /kubectl vouch keys remove <key>/);
    assert.equal((await desk.run(["keys", "ad"])).status, 64);
  });
});
