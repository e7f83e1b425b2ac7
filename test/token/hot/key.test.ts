import assert from "node:assert/strict";
import { fnv32 } from "../../../token/hot/fnv.ts";
import { questionKey, type TokenKeyParts, tokenKey } from "../../../token/hot/key.ts";
import type { TokenQuestion } from "../../../token/hot/question.ts";
import { sessionFolder, tokenFile } from "../../../token/hot/state-files.ts";

const question: TokenQuestion = {
  cluster: "lab",
  region: "us-east-1",
  role: "arn:aws:iam::111122223333:role/dev",
  via: ["arn:aws:iam::111122223333:role/hub"],
  server: "https://us.vouch.sh",
  account: null,
};
const PARTS: TokenKeyParts = {
  ...question,
  session: {
    identity: "ada@example.com",
    id: "0b9c3f6e-4f0a-4a57-9d53-6a2b8f5f9a10",
    end: Date.parse("2026-01-15T20:00:00Z"),
    sessionName: "ada@example.com",
    keyStore: "file",
  },
  stsHost: "sts.us-east-1.amazonaws.com",
  agent: undefined,
};

const { session } = PARTS;
const asked = (change: Partial<TokenQuestion>) => ({ ...PARTS, ...change });
const held = (change: Partial<TokenKeyParts["session"]>) => ({
  ...PARTS,
  session: { ...session, ...change },
});

/** One part changed at a time. The tool's version is fixed in a process; its place in the key is checked below. */
const CHANGES: Readonly<Record<string, TokenKeyParts>> = {
  server: asked({ server: "https://eu.vouch.sh" }),
  identity: held({ identity: "grace@example.com" }),
  session: held({ id: "11111111-4f0a-4a57-9d53-6a2b8f5f9a10" }),
  role: asked({ role: "arn:aws:iam::111122223333:role/dev2" }),
  via: asked({ via: [] }),
  "one role more on the way": asked({ via: [...question.via, "arn:aws:iam::111122223333:role/two"] }),
  "two roles on the way, for one of both names": asked({ via: ["arn:aws:iam::111122223333", "role/hub"] }),
  "session name": held({ sessionName: "ada" }),
  region: asked({ region: "us-east-2" }),
  cluster: asked({ cluster: "lab2" }),
  partition: { ...asked({ region: "cn-north-1" }), stsHost: PARTS.stsHost },
  "FIPS host": { ...PARTS, stsHost: "sts-fips.us-east-1.amazonaws.com" },
  "dual-stack host": { ...PARTS, stsHost: "sts.us-east-1.api.aws" },
  agent: { ...PARTS, agent: "claude-code" },
  "agent of the name null": { ...PARTS, agent: "null" },
};

describe("tokenKey", () => {
  it("is the same for the same question", () => {
    assert.equal(tokenKey(PARTS), tokenKey(structuredClone(PARTS)));
  });

  for (const [part, changed] of Object.entries(CHANGES)) {
    it(`differs by ${part}, and names another file`, () => {
      assert.notEqual(tokenKey(changed), tokenKey(PARTS));
      assert.notEqual(
        tokenFile(sessionFolder("/state", changed.session.id), fnv32(tokenKey(changed))),
        tokenFile(sessionFolder("/state", PARTS.session.id), fnv32(tokenKey(PARTS))),
      );
    });
  }

  it("differs between all of these", () => {
    const keys = [PARTS, ...Object.values(CHANGES)].map(tokenKey);
    assert.equal(new Set(keys).size, keys.length);
  });

  it("begins with the tool's version, so that an upgrade reads no older answer", () => {
    assert.equal((JSON.parse(tokenKey(PARTS)) as string[])[0], "0.0.0-source");
  });

  it("does not hold what leaves the answer as it is", () => {
    assert.equal(tokenKey(held({ end: session.end + 1, keyStore: "keyring" })), tokenKey(PARTS));
    assert.equal(tokenKey(asked({ account: session.identity })), tokenKey(PARTS));
  });
});

describe("questionKey", () => {
  it("differs by question and by agent, and from the key of a token", () => {
    const keys = [
      questionKey(question, undefined),
      questionKey({ ...question, account: "ada@example.com" }, undefined),
      questionKey({ ...question, cluster: "lab2" }, undefined),
      questionKey(question, "codex"),
      tokenKey(PARTS),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(questionKey(question, undefined), questionKey(structuredClone(question), undefined));
  });
});
