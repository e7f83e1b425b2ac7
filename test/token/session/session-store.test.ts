import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { VouchError } from "../../../token/errors/errors.ts";
import type { CurrentSession } from "../../../token/hot/current.ts";
import { marksFolder, sessionFolder } from "../../../token/hot/state-files.ts";
import type { KeyStore } from "../../../token/keystore/key-store.ts";
import { allSessions, loadCurrent } from "../../../token/session/current-file.ts";
import { credentialsName, rememberName, sessionHolder } from "../../../token/session/session-secrets.ts";
import {
  forgetSession,
  keepSession,
  leftSessions,
  loadSession,
} from "../../../token/session/session-store.ts";
import { onPosix } from "../../support/platform.ts";
import { type Login, login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { memoryKeyStore } from "../vouch/memory-key-store.ts";

const EU = "https://eu.vouch.sh";
const ADA = login("ada@example.com", sessionId(1));
const GRACE = login("grace@example.com", sessionId(2));
const ADA_AGAIN = login("ada@example.com", sessionId(3));
const ADA_IN_EU = login("ada@example.com", sessionId(4), { server: EU });

describe("the session store", () => {
  const root = tempFolder();
  const state = () => path.join(root(), "state");
  let keyStore = memoryKeyStore();
  beforeEach(() => {
    keyStore = memoryKeyStore();
  });

  const keep = ({ session, entry }: Login, store: KeyStore = keyStore) =>
    keepSession({ state: state(), keyStore: store }, session, entry);
  const forget = ({ server, entry }: Login, store: KeyStore = keyStore) =>
    forgetSession({ state: state(), keyStore: store }, server, entry);
  /** In the order of the logins, which is that of the ids. */
  const loggedIn = () =>
    allSessions(loadCurrent(state()))
      .map(({ server, session }) => [server, session.id])
      .sort(([, a = ""], [, b = ""]) => (a < b ? -1 : 1));
  const folders = () => fs.readdirSync(path.join(state(), "sessions")).sort();
  const secrets = () => [...keyStore.entries.keys()].sort();

  const holderOf = ({ id }: CurrentSession) => sessionHolder(id, sessionFolder(state(), id));
  /** As a mint leaves them: a note in the folder, and the secret. */
  const cacheCredentials = ({ entry }: Login, name: string) => {
    assert.equal(rememberName(holderOf(entry), name), true);
    keyStore.write(credentialsName(entry, name), "canary");
  };

  describe("keepSession", () => {
    onPosix("modes", "keeps secrets, folder and who is logged in, all of it private", () => {
      keep(ADA);
      assert.deepEqual(loadSession({ state: state(), keyStore }, ADA.entry, ADA.server), ADA.session);
      assert.deepEqual(loadCurrent(state()), {
        version: 1,
        last: ADA.server,
        servers: {
          [ADA.server]: { current: ADA.entry.identity, sessions: { [ADA.entry.identity]: ADA.entry } },
        },
      });
      for (const folder of [state(), marksFolder(state()), sessionFolder(state(), ADA.entry.id)]) {
        assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
      }
    });

    it("writes no secret into the state folder", () => {
      keep(ADA);
      const texts = fs
        .readdirSync(state(), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => fs.readFileSync(path.join(file.parentPath, file.name), "utf8"));
      assert.ok(texts.length > 0 && texts.every((text) => !text.includes("canary")));
    });

    it("says who is logged in last of all, so that whoever reads it finds the rest", () => {
      const watching: KeyStore = {
        ...keyStore,
        write(name, value) {
          assert.deepEqual(loggedIn(), []);
          keyStore.write(name, value);
        },
      };
      keep(ADA, watching);
      assert.deepEqual(loggedIn(), [[ADA.server, ADA.entry.id]]);
    });

    it("leaves no secret behind when nobody can be entered as logged in", () => {
      fs.mkdirSync(path.join(state(), "current.json"), { recursive: true, mode: 0o700 });
      assert.throws(() => keep(ADA), { code: "file-unreadable" });
      assert.deepEqual([secrets(), folders()], [[], []]);
    });

    it("logs nobody in when the secrets cannot be kept", () => {
      keep(ADA);
      const full: KeyStore = {
        ...keyStore,
        write() {
          throw new VouchError("key-store-failed", "full");
        },
      };
      assert.throws(() => keep(ADA_AGAIN, full), { code: "key-store-failed" });
      assert.deepEqual(loggedIn(), [[ADA.server, ADA.entry.id]]);
    });

    it("keeps several people and servers side by side", () => {
      for (const one of [ADA, GRACE, ADA_IN_EU]) keep(one);
      assert.deepEqual(loggedIn(), [
        [ADA.server, ADA.entry.id],
        [GRACE.server, GRACE.entry.id],
        [EU, ADA_IN_EU.entry.id],
      ]);
      for (const one of [ADA, GRACE, ADA_IN_EU]) {
        assert.deepEqual(loadSession({ state: state(), keyStore }, one.entry, one.server), one.session);
      }
    });

    it("replaces the session of the same person, and removes all traces of the older one", () => {
      keep(ADA);
      keep(GRACE);
      cacheCredentials(ADA, "x");
      cacheCredentials(GRACE, "y");
      keep(ADA_AGAIN);
      assert.deepEqual(loggedIn(), [
        [GRACE.server, GRACE.entry.id],
        [ADA.server, ADA_AGAIN.entry.id],
      ]);
      assert.deepEqual(folders(), [GRACE.entry.id, ADA_AGAIN.entry.id]);
      assert.deepEqual(secrets(), [
        `aws:${GRACE.entry.id}:y`,
        `session:${GRACE.entry.id}`,
        `session:${ADA_AGAIN.entry.id}`,
      ]);
    });

    it("keeps the same session twice without harm", () => {
      keep(ADA);
      cacheCredentials(ADA, "x");
      keep(ADA);
      assert.deepEqual(secrets(), [`aws:${ADA.entry.id}:x`, `session:${ADA.entry.id}`]);
    });

    it("lets no earlier failure count", () => {
      keep(ADA);
      fs.writeFileSync(path.join(marksFolder(state()), "failed-1-2.json"), "{}");
      keep(GRACE);
      assert.deepEqual(fs.readdirSync(marksFolder(state())), []);
    });

    it("gets over a current.json that is no longer what it was", () => {
      keep(ADA);
      for (const text of ["{", '{"version":1,"servers":{"https://us.vouch.sh":{}}}']) {
        fs.writeFileSync(path.join(state(), "current.json"), text);
        keep(ADA_AGAIN);
        assert.deepEqual(loggedIn(), [[ADA.server, ADA_AGAIN.entry.id]]);
      }
    });

    onPosix("modes", "does not put anything into a state folder that others can write to", () => {
      fs.mkdirSync(state());
      fs.chmodSync(state(), 0o777);
      assert.throws(() => keep(ADA), { code: "directory-unsafe" });
      assert.deepEqual([secrets(), fs.readdirSync(state())], [[], []]);
    });
  });

  describe("loadSession", () => {
    const load = () => loadSession({ state: state(), keyStore }, ADA.entry, ADA.server);
    const hint = "Run `kubectl vouch login --server https://us.vouch.sh` and touch your security key.";

    it("sends to login when the secrets are gone", () => {
      assert.throws(load, {
        code: "logged-out",
        message:
          "The session of ada@example.com at https://us.vouch.sh is not in the file key store anymore.",
        hint,
      });
    });

    for (const text of ["", "{", "null", "{}", '"canary"']) {
      it(`sends to login when the store holds ${JSON.stringify(text)} instead, and does not repeat it`, () => {
        keyStore.write(`session:${ADA.entry.id}`, text);
        assert.throws(load, {
          code: "logged-out",
          message:
            "The session of ada@example.com at https://us.vouch.sh cannot be read from the file key store anymore.",
          hint,
        });
      });
    }
  });

  describe("forgetSession", () => {
    it("removes all of one session, and nothing of another", () => {
      for (const one of [ADA, GRACE, ADA_IN_EU]) keep(one);
      cacheCredentials(ADA, "x");
      cacheCredentials(ADA, "y");
      cacheCredentials(ADA_IN_EU, "z");
      forget(ADA);
      assert.deepEqual(loggedIn(), [
        [GRACE.server, GRACE.entry.id],
        [EU, ADA_IN_EU.entry.id],
      ]);
      assert.deepEqual(folders(), [GRACE.entry.id, ADA_IN_EU.entry.id]);
      assert.deepEqual(secrets(), [
        `aws:${ADA_IN_EU.entry.id}:z`,
        `session:${GRACE.entry.id}`,
        `session:${ADA_IN_EU.entry.id}`,
      ]);
      assert.deepEqual(fs.readdirSync(state()).sort(), ["current.json", "marks", "sessions"]);
    });

    it("first says that nobody is logged in, then takes the folder away, then the secrets", () => {
      keep(ADA);
      cacheCredentials(ADA, "x");
      const seen: unknown[] = [];
      forget(ADA, {
        ...keyStore,
        remove(name) {
          seen.push([name, loggedIn(), folders()]);
          keyStore.remove(name);
        },
      });
      assert.deepEqual(seen, [
        [`aws:${ADA.entry.id}:x`, [], []],
        [`session:${ADA.entry.id}`, [], []],
      ]);
    });

    it("leaves no secret of a mint that is under way, wherever in its steps that is", () => {
      // A mint notes the name, writes the secret, and notes the name again (token/mint/session-source.ts).
      for (const step of [0, 1, 2, 3]) {
        keep(ADA);
        const name = credentialsName(ADA.entry, "x");
        const mint = [
          () => rememberName(holderOf(ADA.entry), "x"),
          () => keyStore.entries.set(name, "canary").has(name),
          () => rememberName(holderOf(ADA.entry), "x"),
        ];
        const before = mint.slice(0, step).every((work) => work());
        assert.equal(before, true);
        forget(ADA);
        const after = mint.slice(step).map((work) => work());
        if (after.includes(false)) keyStore.remove(name);
        assert.deepEqual([folders(), secrets()], [[], []], `logged out before step ${step}`);
      }
    });

    it("leaves no secret of a mint that goes on between the steps of logout", () => {
      keep(ADA);
      rememberName(holderOf(ADA.entry), "x");
      let noted = true;
      forget(ADA, {
        ...keyStore,
        remove(name) {
          keyStore.remove(name);
          keyStore.write(credentialsName(ADA.entry, "x"), "canary");
          noted = rememberName(holderOf(ADA.entry), "x");
        },
      });
      assert.equal(noted, false, "the mint sees that it must take its secret back");
      assert.deepEqual(folders(), []);
    });

    it("takes the tokens away also when the key store fails, says so, and leaves a note of the secrets for later", () => {
      keep(ADA);
      fs.writeFileSync(path.join(sessionFolder(state(), ADA.entry.id), "token-1.json"), "canary");
      const locked: KeyStore = {
        ...keyStore,
        remove() {
          throw new VouchError("key-store-failed", "locked");
        },
      };
      assert.throws(() => forget(ADA, locked), { code: "key-store-failed" });
      assert.deepEqual([loggedIn(), folders()], [[], []]);
      const [left, ...others] = leftSessions(state());
      assert.deepEqual([left?.id, others], [ADA.entry.id, []]);
      assert.deepEqual(fs.readdirSync(left?.folder ?? ""), ["key-store.json"]);
    });

    it("leaves a newer session of the same person logged in", () => {
      keep(ADA);
      keep(ADA_AGAIN);
      forget(ADA);
      assert.deepEqual(loggedIn(), [[ADA_AGAIN.server, ADA_AGAIN.entry.id]]);
      assert.deepEqual(folders(), [ADA_AGAIN.entry.id]);
    });

    it("tries each secret, also after one that the key store does not give up", () => {
      keep(ADA);
      cacheCredentials(ADA, "x");
      cacheCredentials(ADA, "y");
      const stubborn: KeyStore = {
        ...keyStore,
        remove(name) {
          if (name === credentialsName(ADA.entry, "x")) throw new VouchError("key-store-failed", "locked");
          keyStore.remove(name);
        },
      };
      assert.throws(() => forget(ADA, stubborn), { code: "key-store-failed" });
      assert.deepEqual(secrets(), [credentialsName(ADA.entry, "x")]);
    });

    it("removes the folder where it stands when it cannot be moved aside", () => {
      keep(ADA);
      fs.mkdirSync(path.join(state(), `gone-${ADA.entry.id}`, "in the way"), { recursive: true });
      forget(ADA);
      assert.deepEqual([folders(), secrets()], [[], []]);
    });

    it("does nothing for a session that is gone already", () => {
      keep(GRACE);
      forget(ADA);
      assert.deepEqual(loggedIn(), [[GRACE.server, GRACE.entry.id]]);
    });
  });
});
