import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { unnamedAccount } from "../../../token/hot/current.ts";
import {
  allSessions,
  loadCurrent,
  saveCurrent,
  withoutSession,
  withSession,
} from "../../../token/session/current-file.ts";
import { onPosix } from "../../support/platform.ts";
import { login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const US = "https://us.vouch.sh";
const EU = "https://eu.vouch.sh";
const NOBODY = { version: 1, servers: {} } as const;

const ada = login("ada@example.com", sessionId(1)).entry;
const grace = { ...login("grace@example.com", sessionId(2)).entry, end: ada.end + 1 };
const edsger = { ...login("edsger@example.com", sessionId(3)).entry, end: ada.end + 2 };

describe("withSession", () => {
  it("makes the newest login the one that is meant, at its server and of all, but for contexts", () => {
    const both = withSession(withSession(NOBODY, US, ada), US, grace);
    assert.deepEqual(withSession(both, EU, ada), {
      version: 1,
      last: EU,
      servers: {
        [US]: {
          current: grace.identity,
          unnamed: ada.identity,
          sessions: { [ada.identity]: ada, [grace.identity]: grace },
        },
        [EU]: { current: ada.identity, sessions: { [ada.identity]: ada } },
      },
    });
  });

  it("replaces the session of the same person", () => {
    const again = { ...ada, id: sessionId(9) };
    assert.deepEqual(withSession(withSession(NOBODY, US, ada), US, again).servers[US]?.sessions, {
      [ada.identity]: again,
    });
  });
});

describe("withoutSession", () => {
  const three = [ada, grace, edsger].reduce((current, entry) => withSession(current, US, entry), NOBODY);

  it("leaves the others, and the one that is meant if it was another", () => {
    assert.deepEqual(withoutSession(three, US, ada.identity), {
      version: 1,
      last: US,
      servers: {
        [US]: { current: edsger.identity, sessions: { [grace.identity]: grace, [edsger.identity]: edsger } },
      },
    });
  });

  it("makes the longest session that is left the one that is meant", () => {
    assert.equal(withoutSession(three, US, edsger.identity).servers[US]?.current, grace.identity);
  });

  it("forgets a server with its last session, and the last login with it", () => {
    const both = withSession(withSession(NOBODY, EU, ada), US, ada);
    assert.deepEqual(withoutSession(both, US, ada.identity), {
      version: 1,
      last: EU,
      servers: { [EU]: { current: ada.identity, sessions: { [ada.identity]: ada } } },
    });
    assert.deepEqual(withoutSession(withSession(NOBODY, US, ada), US, ada.identity), NOBODY);
  });

  it("changes nothing for somebody who is not there", () => {
    assert.deepEqual(withoutSession(three, US, "nobody@example.com"), three);
    assert.deepEqual(withoutSession(three, EU, ada.identity), three);
    assert.deepEqual(withoutSession(NOBODY, US, ada.identity), NOBODY);
  });
});

describe("unnamedAccount", () => {
  const loggedIn = (...logins: readonly (typeof ada)[]) =>
    logins.reduce((current, entry) => withSession(current, US, entry), NOBODY);

  it("is the first that logged in, whoever logs in later, and again", () => {
    assert.equal(unnamedAccount(loggedIn(ada, grace, edsger), US), ada.identity);
    assert.equal(unnamedAccount(loggedIn(ada, grace, ada, grace), US), ada.identity);
    assert.equal(unnamedAccount(NOBODY, US), undefined);
  });

  it("stays when its session has ended, or another one is logged out", () => {
    const ended = { ...ada, end: 1 };
    assert.equal(unnamedAccount(loggedIn(ended, grace), US), ada.identity);
    assert.equal(unnamedAccount(withoutSession(loggedIn(ada, grace), US, grace.identity), US), ada.identity);
  });

  it("stays when its session is replaced by one in another key store, which forgets the older one first", () => {
    const without = withoutSession(loggedIn(ada, grace), US, ada.identity);
    assert.equal(unnamedAccount(withSession(without, US, ada, ada.identity), US), ada.identity);
  });

  it("passes on when it is logged out", () => {
    assert.equal(unnamedAccount(withoutSession(loggedIn(ada, grace), US, ada.identity), US), grace.identity);
  });
});

describe("allSessions", () => {
  it("lists everybody with the server", () => {
    const current = withSession(withSession(withSession(NOBODY, US, ada), US, grace), EU, ada);
    assert.deepEqual(allSessions(current), [
      { server: US, session: ada },
      { server: US, session: grace },
      { server: EU, session: ada },
    ]);
  });
});

describe("current.json", () => {
  const root = tempFolder();
  const state = () => path.join(root(), "state");
  const write = (text: string) => {
    fs.mkdirSync(state(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(state(), "current.json"), text);
  };

  it("says nobody when it is not there", () => {
    assert.deepEqual(loadCurrent(state()), NOBODY);
  });

  onPosix("modes", "gives back what was saved, and is private", () => {
    const current = withSession(NOBODY, US, ada);
    saveCurrent(state(), current);
    assert.deepEqual(loadCurrent(state()), current);
    assert.deepEqual(fs.readdirSync(state()), ["current.json"]);
    assert.equal(fs.statSync(path.join(state(), "current.json")).mode & 0o777, 0o600);
    assert.equal(fs.statSync(state()).mode & 0o777, 0o700);
  });

  for (const text of [
    "",
    "{",
    "null",
    "[]",
    "7",
    '{"version":2,"servers":{}}',
    '{"version":1}',
    '{"version":1,"servers":[]}',
    '{"version":1,"servers":null}',
  ]) {
    it(`says nobody when it holds ${JSON.stringify(text)}`, () => {
      write(text);
      assert.deepEqual(loadCurrent(state()), NOBODY);
    });
  }

  const strange = {
    "a server that is null": { [EU]: null },
    "a server that is text": { [EU]: "text" },
    "a server without sessions": { [EU]: {} },
    "a server with sessions that are a list": { [EU]: { current: ada.identity, sessions: [ada] } },
    "a session that is null": { [EU]: { current: ada.identity, sessions: { [ada.identity]: null } } },
    "a session with a path for an id": {
      [EU]: { current: "a", sessions: { a: { ...ada, identity: "a", id: "../x" } } },
    },
    "a session of another name": { [EU]: { current: "a", sessions: { a: ada } } },
  };
  for (const [what, servers] of Object.entries(strange)) {
    it(`leaves out ${what}, and keeps the rest`, () => {
      const current = withSession(NOBODY, US, ada);
      write(JSON.stringify({ ...current, servers: { ...servers, ...current.servers } }));
      assert.deepEqual(loadCurrent(state()), current);
    });
  }

  it("means somebody who is there", () => {
    const current = withSession(NOBODY, US, ada);
    write(JSON.stringify(current).replace(`"current":"${ada.identity}"`, '"current":"nobody"'));
    assert.deepEqual(loadCurrent(state()), current);
  });

  it("does without a last login that is no text", () => {
    write(JSON.stringify({ ...withSession(NOBODY, US, ada), last: 7 }));
    assert.equal(loadCurrent(state()).last, undefined);
  });
});
