import assert from "node:assert/strict";
import fs from "node:fs";
import { VouchError } from "../../../token/errors/errors.ts";
import { profilesFolder } from "../../../token/hot/state-files.ts";
import {
  type CredentialsOptions,
  type ProfilesPlace,
  profileCredentials,
} from "../../../token/mint/credentials-cache.ts";
import { forgetCredentials, profilesHolder } from "../../../token/session/session-secrets.ts";
import { labClock } from "../../lab/clock.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { memoryKeyStore } from "../vouch/memory-key-store.ts";

const WANTED = { key: "digest 1", words: "role dev" };

describe("profileCredentials", () => {
  const folder = tempFolder();
  const clock = labClock(Date.now());
  let keyStore = memoryKeyStore();
  let fetched = 0;
  beforeEach(() => {
    keyStore = memoryKeyStore();
    fetched = 0;
  });

  const fetch = async () => {
    fetched += 1;
    const accessKeyId = `ASIACANARY${fetched}`;
    const expires = clock() + 3600_000;
    return { accessKeyId, secretAccessKey: "canary", sessionToken: "canary", expires };
  };
  const place = () => ({ state: folder(), keyStore: async () => keyStore });
  const ask = async (
    options: Partial<CredentialsOptions> = {},
    wanted = WANTED,
    where: ProfilesPlace = place(),
  ) => {
    const { signal } = new AbortController();
    const all = { fresh: false, minRemainingMs: 60_000, now: clock, signal, ...options };
    return (await profileCredentials(where, wanted, all, fetch)).accessKeyId;
  };
  const notes = () => fs.readdirSync(profilesFolder(folder()));

  it("fetches them once, and notes what is in which key store", async () => {
    assert.deepEqual([await ask(), await ask()], ["ASIACANARY1", "ASIACANARY1"]);
    const [name = "", ...others] = keyStore.entries.keys();
    assert.match(name, /^aws:profiles:[0-9a-f]{16}$/);
    assert.deepEqual(others, []);
    assert.deepEqual(notes(), [`aws-file-${name.slice(-16)}`]);
  });

  it("keeps those of another source beside them", async () => {
    await ask();
    assert.equal(await ask({}, { ...WANTED, key: "digest 2" }), "ASIACANARY2");
    assert.equal(await ask(), "ASIACANARY1");
  });

  it("removes what is over when it fetches something else, and nothing younger", async () => {
    await ask();
    const [first = ""] = notes();
    const hours = (count: number) => new Date(clock() - count * 3600_000);
    fs.utimesSync(`${profilesFolder(folder())}/${first}`, hours(11), hours(11));
    await ask({}, { ...WANTED, key: "digest 2" });
    assert.equal(keyStore.entries.size, 2);
    fs.utimesSync(`${profilesFolder(folder())}/${first}`, hours(13), hours(13));
    await ask({}, { ...WANTED, key: "digest 3" });
    assert.equal(keyStore.entries.size, 2);
    assert.equal(notes().includes(first), false);
    assert.equal(await ask(), "ASIACANARY4");
  });

  it("leaves what was fetched anew, however long ago it was fetched first", async () => {
    await ask();
    const [note = ""] = notes();
    const then = new Date(clock() - 11 * 3600_000);
    fs.utimesSync(`${profilesFolder(folder())}/${note}`, then, then);
    assert.equal(await ask({ fresh: true }), "ASIACANARY2");
    const later = () => clock() + 2 * 3600_000;
    await ask({ now: later }, { ...WANTED, key: "digest 2" });
    assert.equal(await ask(), "ASIACANARY2");
  });

  it("fetches again when they live too short, or fresh ones are wanted", async () => {
    await ask();
    assert.equal(await ask({ minRemainingMs: 3600_001 }), "ASIACANARY2");
    assert.equal(await ask({ fresh: true }), "ASIACANARY3");
    assert.equal(await ask(), "ASIACANARY3");
  });

  it("is one exchange for all that ask at once", async () => {
    await Promise.all(Array.from({ length: 5 }, () => ask()));
    assert.equal(fetched, 1);
  });

  it("opens no key store and writes nothing where nothing is to be kept", async () => {
    const never = () => Promise.reject(new Error("not to be opened"));
    assert.equal(await ask({ keep: false }, WANTED, { state: folder(), keyStore: never }), "ASIACANARY1");
    assert.deepEqual(fs.readdirSync(folder()), []);
  });

  const locked = () => {
    throw new VouchError("key-store-failed", "locked");
  };

  it("does without a key store that cannot be opened, read or written", async () => {
    const closed = async () => locked();
    assert.equal(await ask({}, WANTED, { state: folder(), keyStore: closed }), "ASIACANARY1");
    await ask();
    keyStore = { ...keyStore, read: locked };
    assert.equal(await ask(), "ASIACANARY3");
    keyStore = { ...memoryKeyStore(), write: locked };
    assert.equal(await ask(), "ASIACANARY4");
  });

  it("asks for the key store in which things lie already, and for the best there is before and where that fails", async () => {
    const asked: (string | undefined)[] = [];
    const where = {
      state: folder(),
      keyStore: async (kind: string | undefined) => {
        asked.push(kind);
        return kind === undefined || asked.length < 3 ? keyStore : locked();
      },
    };
    await ask({}, WANTED, where);
    await ask({}, WANTED, where);
    assert.equal(await ask({}, WANTED, where), "ASIACANARY1");
    assert.deepEqual(asked, [undefined, "file", "file", undefined]);
  });

  it("leaves them to be forgotten by what was noted", async () => {
    await ask();
    assert.equal(forgetCredentials(profilesHolder(folder(), "keyring"), keyStore), 0);
    assert.equal(forgetCredentials(profilesHolder(folder(), "file"), keyStore), 1);
    assert.deepEqual([keyStore.entries.size, notes()], [0, []]);
  });
});
