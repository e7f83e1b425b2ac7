import assert from "node:assert/strict";
import path from "node:path";
import { type SoftKeyProfile, U2F_ONLY, YUBIKEY_5_7_1 } from "../lab/key/soft-key-profiles.ts";
import { type JsonLines, startJsonLines } from "../support/json-lines.ts";
import { programOnPath } from "../support/on-path.ts";
import { FIDO2_KEYS } from "./every-profile.ts";
import { offeredKeys } from "./offered-key.ts";

const SCRIPT = path.join(import.meta.dirname, "python", "client.py");
/** Canaries. */
const PIN = "1593-pin";
const WRONG = "9999-pin";
/** User present and verified; and a credential attested. */
const PRESENT_AND_VERIFIED = 0x05;
const ATTESTED = 0x40;

describe("python-fido2, client and server, with the software key", () => {
  const offer = offeredKeys();
  let client: JsonLines;
  before(() => {
    client = startJsonLines([programOnPath("python3"), SCRIPT], { PYTHONUTF8: "1" });
  });
  after(() => client.close());

  for (const [name, profile] of FIDO2_KEYS) {
    describe(name, () => {
      it("reads what the key says of itself", async () => {
        const { socket } = await offer(profile);
        const { firmware, capabilities, versions, extensions, aaguid, options, maxMsgSize } = profile;
        assert.deepEqual(await client.ask({ do: "describe", key: socket }), {
          ...{ firmware, capabilities, versions, extensions, aaguid, maxMsgSize },
          options: { ...options, clientPin: false },
          pinUvAuthProtocols: profile.pinUvAuthProtocols,
          minPinLength: profile.more.get(0x0d) ?? 4,
          transports: profile.more.get(0x09) ?? [],
          ping: true,
        });
      });

      it("sets a PIN, and changes it", async () => {
        const { socket, state } = await offer(profile);
        const ask = (question: object) => client.ask({ ...question, key: socket });
        assert.deepEqual(
          [
            await ask({ do: "set_pin", pin: WRONG }),
            await ask({ do: "set_pin", pin: PIN }),
            await ask({ do: "change_pin", pin: WRONG, new_pin: PIN }),
            await ask({ do: "change_pin", pin: WRONG, new_pin: PIN }),
            await ask({ do: "try_pin", pin: PIN }),
          ],
          [{}, { refused: 0x33 }, {}, { refused: 0x31 }, { token: 32 }],
        );
        assert.equal(state.pinRetries, 8);
      });

      it("registers once, and logs in with an allow list and without", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        const seen = (await client.ask({ do: "ceremony", key: socket, pin: PIN })) as Ceremony;
        checkCeremony(seen, profile);
      });

      it("finds both accounts that are resident, newest first and with their names", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        const seen = (await client.ask({ do: "accounts", key: socket, pin: PIN })) as Accounts;
        assert.deepEqual(
          seen.discovered.map(({ user }) => user),
          [
            { id: "bob", name: "bob", displayName: "Bob" },
            { id: "ada", name: "ada", displayName: "Ada" },
          ],
        );
        assert.deepEqual([seen.named.length, seen.among.length], [1, 1]);
      });

      it("has the levels of credProtect granted and kept", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        const isKnown = profile.extensions.includes("credProtect");
        const always = profile.options["alwaysUv"] === true;
        assert.deepEqual(await client.ask({ do: "protected", key: socket, pin: PIN }), {
          granted: isKnown ? [1, 2, 3] : [null, null, null],
          shown: always ? [0x36, 0x36, 0x36] : [true, true, isKnown ? 0x2e : true],
        });
      });

      it("picks the key by a touch, where the key knows how", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        const isKnown = profile.versions.includes("FIDO_2_1");
        assert.deepEqual(await client.ask({ do: "select", key: socket }), isKnown ? {} : { refused: 0x01 });
      });

      it("finds its credential at the end of a long allow list", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        assert.deepEqual(await client.ask({ do: "crowd", key: socket, pin: PIN }), { accepted: 1 });
      });

      it("must change its PIN where the key demands it, and the right one costs no try", async () => {
        const { socket, state } = await offer(profile, { pin: PIN });
        const ask = (question: object) => client.ask({ ...question, key: socket });
        state.forcePinChange = true;
        assert.deepEqual(
          [
            await ask({ do: "try_pin", pin: PIN }),
            await ask({ do: "retries" }),
            await ask({ do: "change_pin", pin: PIN, new_pin: WRONG }),
            await ask({ do: "try_pin", pin: WRONG }),
          ],
          [{ refused: 0x31 }, { retries: 8 }, {}, { token: 32 }],
        );
      });

      it("is told that nothing is registered", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        assert.deepEqual(await client.ask({ do: "strangers", key: socket, pin: PIN }), { refused: 0x2e });
      });

      it("counts wrong PINs down to the block, and starts again after a right one", async () => {
        const { socket, key } = await offer(profile, { pin: PIN });
        const ask = (question: object) => client.ask({ ...question, key: socket });
        assert.deepEqual(await ask({ do: "try_pin", pin: WRONG }), { refused: 0x31 });
        assert.deepEqual(await ask({ do: "retries" }), { retries: 7 });
        assert.deepEqual(await ask({ do: "try_pin", pin: PIN }), { token: 32 });

        const seen: unknown[] = [];
        for (let tries = 1; tries <= 8; tries += 1) {
          seen.push(await ask({ do: "try_pin", pin: WRONG }), await ask({ do: "retries" }));
          if (tries % 3 === 0) {
            assert.deepEqual(await ask({ do: "try_pin", pin: PIN }), { refused: 0x34 });
            key.unplug();
            key.plugIn();
          }
        }
        assert.deepEqual(
          seen,
          [0x31, 0x31, 0x34, 0x31, 0x31, 0x34, 0x31, 0x32].flatMap((refused, index) => [
            { refused },
            { retries: 7 - index },
          ]),
        );
        assert.deepEqual(await ask({ do: "try_pin", pin: PIN }), { refused: 0x32 });
      });
    });
  }

  for (const [name, profile] of FIDO2_KEYS.filter(([, { options }]) => options["uv"] === true)) {
    describe(`${name}, by finger`, () => {
      it("registers once, and logs in with an allow list and without", async () => {
        const { socket } = await offer(profile, { pin: PIN });
        const seen = (await client.ask({ do: "ceremony", key: socket, pin: null })) as Ceremony;
        checkCeremony(seen, profile);
      });

      it("counts refused fingers down to the block, which the PIN undoes", async () => {
        const { socket } = await offer(profile, { pin: PIN, finger: async () => "refused" });
        const ask = (question: object) => client.ask({ ...question, key: socket });
        const seen = [];
        for (let tries = 1; tries <= 4; tries += 1) seen.push(await ask({ do: "finger" }));
        assert.deepEqual(seen, [
          { token: { refused: 0x3f }, retries: 2 },
          { token: { refused: 0x3f }, retries: 1 },
          { token: { refused: 0x3c }, retries: 0 },
          { token: { refused: 0x3c }, retries: 0 },
        ]);
        assert.deepEqual(await ask({ do: "try_pin", pin: PIN }), { token: 32 });
        assert.deepEqual(await ask({ do: "finger" }), { token: { refused: 0x3f }, retries: 2 });
      });
    });
  }

  it("cancels while the key waits for a touch, and the key goes on", async () => {
    const { socket } = await offer(YUBIKEY_5_7_1, { touch: () => new Promise(() => {}) });
    assert.deepEqual(await client.ask({ do: "cancel", key: socket }), {
      cancelled: 0x2d,
      versions: YUBIKEY_5_7_1.versions,
    });
  });

  it("learns that a key has no FIDO2", async () => {
    const { socket } = await offer(U2F_ONLY);
    assert.deepEqual(await client.ask({ do: "describe", key: socket }), { refused: 0x01 });
  });
});

interface Login {
  readonly id: string;
  readonly user: Readonly<Record<string, string>> | null;
  readonly flags: number;
  readonly counter: number;
}

interface Ceremony {
  readonly id: string;
  readonly allowed: readonly Login[];
  readonly discovered: readonly Login[];
}

type Accounts = Readonly<Record<"discovered" | "named" | "among", readonly Login[]>>;

/** Registered once, and logged in twice with one touch each. */
function checkCeremony(seen: Ceremony, profile: SoftKeyProfile): void {
  const { id, allowed, discovered, ...rest } = seen;
  assert.deepEqual(rest, {
    aaguid: profile.aaguid,
    algorithm: -7,
    flags: PRESENT_AND_VERIFIED | ATTESTED,
    excluded: { code: "DEVICE_INELIGIBLE", cause: 0x19 },
    touches: 4,
  });
  const login = { id, user: { id: "ada" }, flags: PRESENT_AND_VERIFIED };
  assert.deepEqual(
    [allowed, discovered].map((logins) => logins.map(({ counter: _, ...one }) => one)),
    [[login], [login]],
  );
  const [before, after] = [allowed[0]?.counter ?? 0, discovered[0]?.counter ?? 0];
  assert.ok(before > 0 && after > before, `counters ${before} and ${after}`);
}
