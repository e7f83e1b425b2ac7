import assert from "node:assert/strict";
import { fnv32 } from "../../../token/hot/fnv.ts";
import {
  type AwsKeyParts,
  dependsOnDirectory,
  questionKey,
  sourceTokenKey,
  tokenKey,
  type VouchKeyParts,
} from "../../../token/hot/key.ts";
import type { VouchQuestion } from "../../../token/hot/question.ts";
import { sessionFolder, tokenFile } from "../../../token/hot/state-files.ts";

const question: VouchQuestion = {
  cluster: "lab",
  region: "us-east-1",
  role: "arn:aws:iam::111122223333:role/dev",
  via: ["arn:aws:iam::111122223333:role/hub"],
  server: "https://us.vouch.sh",
  account: undefined,
};
const PARTS: VouchKeyParts = {
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
const asked = (change: Partial<VouchQuestion>) => ({ ...PARTS, ...change });
const held = (change: Partial<VouchKeyParts["session"]>) => ({
  ...PARTS,
  session: { ...session, ...change },
});

/** One part changed at a time. The tool's version is fixed in a process; its place in the key is checked below. */
const CHANGES: Readonly<Record<string, VouchKeyParts>> = {
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
  "cluster ID": asked({ clusterId: "0c3a5e1e" }),
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

const OF_PROFILE: AwsKeyParts = {
  cluster: "lab",
  region: "us-east-1",
  profile: "dev",
  role: undefined,
  via: [],
  stsHost: "sts.us-east-1.amazonaws.com",
  agent: undefined,
};
const OF_ENVIRONMENT = { ...OF_PROFILE, profile: undefined };

/** What a caller's environment is told by, besides its files. */
const AMBIENT = [
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"],
  ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ...["AWS_CONTAINER_AUTHORIZATION_TOKEN"],
];
const FILES = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"];
const AMBIENT_FILES = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];

describe("sourceTokenKey", () => {
  const key = (parts = OF_PROFILE, env: Readonly<Record<string, string>> = {}) =>
    sourceTokenKey(parts, (name) => env[name]);

  it("differs by each part of the question, and from the key of a session's token", () => {
    const role = "arn:aws:iam::111122223333:role/dev";
    const keys = [
      key(),
      key(OF_ENVIRONMENT),
      key({ ...OF_PROFILE, profile: "null" }),
      key({ ...OF_PROFILE, role }),
      key({ ...OF_PROFILE, role, via: [role] }),
      key({ ...OF_PROFILE, cluster: "lab2" }),
      key({ ...OF_PROFILE, clusterId: "0c3a5e1e" }),
      key({ ...OF_PROFILE, role, sessionName: "0c3a5e1e" }),
      key({ ...OF_PROFILE, region: "us-east-2" }),
      key({ ...OF_PROFILE, stsHost: "sts-fips.us-east-1.amazonaws.com" }),
      key({ ...OF_PROFILE, agent: "codex" }),
      tokenKey(PARTS),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(key(), key(structuredClone(OF_PROFILE)));
  });

  it("differs by what says where files are, and by nothing else where a profile is named", () => {
    const named = ["HOME", "USERPROFILE", ...FILES].map((name) => key(OF_PROFILE, { [name]: "/x" }));
    assert.equal(new Set([key(), ...named]).size, named.length + 1);
    for (const name of [...AMBIENT, ...AMBIENT_FILES])
      assert.equal(key(OF_PROFILE, { [name]: "/x" }), key(), name);
  });

  it("differs by all that says who a caller's environment is, and holds no secret of it", () => {
    const names = ["HOME", "USERPROFILE", ...FILES, ...AMBIENT_FILES, ...AMBIENT];
    const keys = names.map((name) => key(OF_ENVIRONMENT, { [name]: "/canary" }));
    assert.equal(new Set([key(OF_ENVIRONMENT), ...keys]).size, names.length + 1);
    assert.doesNotMatch(keys.at(-1) ?? "", /canary/);
  });
});

describe("dependsOnDirectory", () => {
  const depends = (parts: AwsKeyParts, name: string, file: string, isWindows = false) =>
    dependsOnDirectory(parts, (asked) => (asked === name ? file : undefined), isWindows);

  it("is so where a file is named that is not absolute", () => {
    for (const name of FILES) {
      const found = ["config", "./config", "~/config", "/config"].map((file) =>
        depends(OF_PROFILE, name, file),
      );
      assert.deepEqual(found, [true, true, true, false], name);
    }
    for (const name of AMBIENT_FILES) {
      assert.equal(depends(OF_PROFILE, name, "token"), false);
      assert.equal(depends(OF_ENVIRONMENT, name, "token"), true);
    }
  });

  it("knows what is absolute on Windows", () => {
    const files = ["C:\\config", "c:/config", "\\\\server\\share\\config", "C:config", "\\config", "/config"];
    const found = files.map((file) => depends(OF_PROFILE, "AWS_CONFIG_FILE", file, true));
    assert.deepEqual(found, [false, false, false, true, true, true]);
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
