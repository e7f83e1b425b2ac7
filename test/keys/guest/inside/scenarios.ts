import assert from "node:assert/strict";
import fs from "node:fs";
import { EXIT } from "../../../../token/errors/errors.ts";
import { systemSecurityKeys } from "../../../../token/fido2/hid/system-security-keys.ts";
import { type Bench, until, WAYS } from "./bench.ts";
import { asFido2Assert, libfido2 } from "./libfido2.ts";
import { impatient, RP_ID, startLogin } from "./login.ts";
import { openChannels } from "./other-program.ts";
import { clientOf, kubectlVouch, outputOf } from "./run.ts";
import { vouchServer } from "./vouch-server.ts";

/** Begins with the key plugged in and a person who touches it at once. */
type Scenario = (bench: Bench) => Promise<void>;
type Scenarios = Readonly<Record<string, Scenario>>;

/** Some of the reports that a login writes: of the channel, the PIN, the assertion. */
const REPORTS = [1, 2, 5, 9];

/** First of all: they put a PIN and a credential on the key. */
const ENROLLED: Scenarios = {
  "is seen by fido2-token, given a PIN, and enrolled and used with fido2-cred and fido2-assert": async (
    bench,
  ) => {
    const { path } = bench.key;
    assert.match(
      await bench.tools.list(),
      new RegExp(`^${path}: vendor=0x1050, product=0x0407 \\(.*\\)\\n$`),
    );
    await bench.tools.setPin();
    const userId = Buffer.from("0190a1b2c3d47e5f8a9b0c1d2e3f4051", "hex");
    bench.publicKey = (await bench.tools.enrol({ rpId: RP_ID, userId })).pem;
    await bench.tools.verify(outputOf(await bench.tools.assert()), bench.publicKey);
  },
};

const BY_EITHER_WAY = Object.entries(WAYS).map(
  ([way, keysOf]): Scenarios => ({
    [`is listed alone, by its FIDO interface, through ${way}`]: async ({ key }) => {
      assert.deepEqual(await (await keysOf()).list(), [key]);
    },

    [`logs a person in with PIN and touch through ${way}`]: async (bench) => {
      const login = startLogin(await keysOf());
      bench.signed(await login.ended);
      assert.deepEqual(login.prompts, ["pin", "touch"]);
    },

    [`that is unplugged while it waits for the touch ends a script with a plain error through ${way}`]:
      async (bench) => {
        const keys = await keysOf();
        await bench.hold();
        const login = startLogin(keys, { pinAttempts: 1 });
        await login.until("touch");
        await bench.unplug();
        const end = await login.ended;
        assert.deepEqual("failure" in end && [end.failure.code, end.failure.message], [
          "security-key-unplugged",
          `${bench.key.name} was unplugged.`,
        ]);
        assert.deepEqual(await keys.list(), []);
      },

    [`that is unplugged at any report of a login ends it with the same error, through ${way}`]: async (
      bench,
    ) => {
      await bench.unplug();
      const keys = await keysOf();
      for (const report of REPORTS) {
        await bench.plug(report);
        const end = await startLogin(keys, { pinAttempts: 1 }).ended;
        assert.equal("failure" in end && end.failure.code, "security-key-unplugged", `at report ${report}`);
        await bench.gone();
      }
    },

    [`that is unplugged while it waits for the touch is found again when it is back, through ${way}`]: async (
      bench,
    ) => {
      await bench.hold();
      const login = startLogin(await keysOf());
      await login.until("touch");
      await bench.unplug();
      await login.until("insert");
      await bench.ready();
      bench.signed(await login.ended);
      assert.deepEqual(login.prompts, ["pin", "touch", "unplugged", "insert", "pin", "touch"]);
    },

    [`is free again at once when the person breaks off instead of touching it, through ${way}`]: async (
      bench,
    ) => {
      const keys = await keysOf();
      await bench.hold();
      const login = startLogin(keys);
      await login.until("touch");
      login.interrupt();
      const end = await login.ended;
      assert.equal("failure" in end && end.failure.code, "interrupted");
      await bench.ready();
      const next = startLogin(keys, { timers: impatient });
      bench.signed(await next.ended);
      assert.deepEqual(next.prompts, ["pin", "touch"]);
    },

    [`that is not there yet is waited for through ${way}`]: async (bench) => {
      await bench.unplug();
      const login = startLogin(await keysOf());
      await login.until("insert");
      await bench.plug();
      bench.signed(await login.ended);
      assert.deepEqual(login.prompts, ["insert", "pin", "touch"]);
    },

    [`is waited for while another program uses it, through ${way}`]: async (bench) => {
      await bench.hold();
      const blinks = bench.rig.nextBlink();
      const other = bench.tools.assert();
      await blinks;
      const login = startLogin(await keysOf(), { timers: impatient });
      await login.until("busy");
      await bench.rig.order(bench.place, "at-once");
      await bench.touch();
      await bench.tools.verify(outputOf(await other), bench.publicKey);
      bench.signed(await login.ended);
      assert.deepEqual(login.prompts, ["busy", "pin", "touch"]);
    },

    [`is not mistaken when other programs open channels all the while, through ${way}`]: async (bench) => {
      const other = openChannels(bench.key.path);
      try {
        await bench.hold();
        const login = startLogin(await keysOf());
        await login.until("touch");
        // It is told that the key is busy.
        assert.doesNotMatch((await bench.tools.info()).stdout, /pin retries/);
        await bench.touch();
        bench.signed(await login.ended);
      } finally {
        other.end();
      }
      assert.ok(other.channels() >= 10, "the other program had its answers");
      assert.equal(other.strangers(), 0, "nobody else used its channels");
    },
  }),
);

const BY_THE_SYSTEM: Scenarios = {
  "that may not be opened is there and unreadable, with the command that helps; and is used once it is given":
    async (bench) => {
      const { path } = bench.key;
      const refused = await clientOf({ uid: 1000 });
      assert.deepEqual(refused.listed, [bench.key]);
      assert.deepEqual(refused.end, {
        failure: {
          code: "security-key-unreadable",
          message: `The security key at ${path} exists, but you are not allowed to open it.`,
          hint: `Run \`sudo setfacl -m u:1000:rw ${path}\`. To make this permanent, put \`KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ENV{ID_FIDO_TOKEN}=="1", TAG+="uaccess"\` in /etc/udev/rules.d/70-vouch-fido.rules and plug the key in again.`,
        },
      });
      fs.chownSync(path, 1000, 1000);
      const allowed = await clientOf({ uid: 1000 });
      fs.chownSync(path, 0, 0);
      bench.signed(allowed.end);
    },

  "that is not there is missing, and not unreadable": async (bench) => {
    await bench.unplug();
    const keys = systemSecurityKeys({ platform: process.platform });
    const end = await startLogin(keys, { timers: impatient, timeoutMs: 2000 }).ended;
    assert.deepEqual("failure" in end && [end.failure.code, end.failure.message], [
      "security-key-missing",
      "No security key was plugged in within 2 s.",
    ]);
  },

  "needs no libusb": async (bench) => {
    const library = librariesNamed("libusb-1.0.so.0");
    for (const file of library) fs.renameSync(file, `${file}.away`);
    const client = await clientOf();
    for (const file of library) fs.renameSync(`${file}.away`, file);
    assert.deepEqual(client.listed, [bench.key]);
    bench.signed(client.end);
  },
};

/** After all others. */
const AT_THE_END: Scenarios = {
  "still signs for fido2-assert, which takes our signature for one of its own": async (bench) => {
    const end = await startLogin(await WAYS["node-hid"]()).ended;
    bench.signed(end);
    if ("assertion" in end) await bench.tools.verify(asFido2Assert(end.assertion), bench.publicKey);
    await bench.tools.verify(outputOf(await bench.tools.assert()), bench.publicKey);
    assert.match(outputOf(await bench.tools.info()), /^pin retries: 8$/m);
  },

  "was written to with a zero and 64 bytes, each time": async (bench) => {
    const { reports, malformed } = await bench.rig.order(bench.place, "watch");
    assert.deepEqual(malformed, []);
    assert.ok(reports > 200, `only ${reports} reports`);
  },
};

/** Two keys in one machine: the other one is behind /dev/uhid. */
const BESIDE_ANOTHER: Scenarios = {
  "is used, and not another one beside it that holds nothing": async (bench) => {
    await withAnother(bench, async (other) => {
      for (const keysOf of Object.values(WAYS)) {
        const keys = await keysOf();
        assert.deepEqual(await keys.list(), [bench.key, other]);
        const login = startLogin(keys);
        bench.signed(await login.ended);
        assert.deepEqual(login.prompts, ["pin", "touch"]);
      }
    });
  },

  "is used when it is touched, and another one when that is, where both may do": async (bench) => {
    await withAnother(bench, async (other) => {
      const tools = libfido2(other.path);
      await tools.setPin();
      const { pem } = await tools.enrol({ rpId: RP_ID, userId: Buffer.alloc(16, 1) });
      for (const [way, keysOf] of Object.entries(WAYS)) {
        const [touched, left] = way === "node-hid" ? (["usb", "uhid"] as const) : (["uhid", "usb"] as const);
        await bench.rig.order(touched, "at-once");
        await bench.rig.order(left, "hold");
        const login = startLogin(await keysOf());
        bench.signed(await login.ended, touched === "usb" ? bench.publicKey : pem);
        assert.deepEqual(login.prompts, ["choose", "pin", "touch"]);
      }
    });
  },
};

async function withAnother(
  bench: Bench,
  work: (other: { readonly path: string; readonly name: string }) => Promise<void>,
): Promise<void> {
  const other = { path: "/dev/hidraw2", name: "Soft Key" };
  await bench.rig.order("uhid", "plug");
  try {
    await until(() => fs.existsSync(other.path), `${other.path} did not appear`);
    await work(other);
  } finally {
    await bench.rig.order("uhid", "unplug");
    await until(() => !fs.existsSync(other.path), `${other.path} did not go`);
  }
}

/** The whole program, at a Vouch server in the same guest. */
const SHIPPED: Scenarios = {
  "is listed by the program that ships, with its PIN": async (bench) => {
    const listed = await kubectlVouch(["keys", "list", "--offline", "-o", "json"]);
    const versions = ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1"];
    const facts = { firmware: "5.7.1", versions, pin: "set", pinTriesLeft: 8, fingerprint: "none" };
    assert.deepEqual(JSON.parse(outputOf(listed)).pluggedIn, [{ ...bench.key, usable: true, ...facts }]);
  },

  "logs a person in through the program that ships": async (bench) => {
    const server = await vouchServer(bench);
    try {
      outputOf(await server.logIn());
      assert.equal(server.logins(), 1);
    } finally {
      await server.close();
    }
  },

  "that is unplugged while the program that ships waits for the touch ends it with a plain error": async (
    bench,
  ) => {
    const server = await vouchServer(bench);
    try {
      await bench.hold();
      const blinks = bench.rig.nextBlink();
      const login = server.logIn();
      await Promise.race([blinks, login.then(outputOf)]);
      await bench.unplug();
      const { status, stderr } = await login;
      assert.equal(status, EXIT.securityKey, stderr);
      assert.ok(stderr.includes(`${bench.key.name} was unplugged.`), stderr);
      assert.doesNotMatch(stderr, /^ +at /m);
    } finally {
      await server.close();
    }
  },
};

const COMMON: Scenarios = Object.assign({}, ...BY_EITHER_WAY, BY_THE_SYSTEM);

/** By the key's place: what happens to it, in this order. */
export const SCENARIOS = {
  uhid: { ...ENROLLED, ...COMMON, ...AT_THE_END },
  usb: { ...ENROLLED, ...COMMON, ...BESIDE_ANOTHER, ...SHIPPED, ...AT_THE_END },
} as const;

/** A library where the loader looks for it. */
function librariesNamed(name: string): string[] {
  return ["/lib", "/usr/lib"]
    .map((folder) => `${folder}/x86_64-linux-gnu/${name}`)
    .filter((file) => fs.existsSync(file));
}
