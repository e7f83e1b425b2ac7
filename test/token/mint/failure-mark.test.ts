import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { VouchError } from "../../../token/errors/errors.ts";
import { BURST_MS } from "../../../token/hot/mark.ts";
import { marksFolder } from "../../../token/hot/state-files.ts";
import { type FailurePlace, findFailure, leaveFailure } from "../../../token/mint/marks.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");

describe("the failure a process was told", () => {
  const root = tempFolder();
  const place = (change: Partial<FailurePlace> = {}): FailurePlace => ({
    state: path.join(root(), "state"),
    key: "key",
    parentId: 1,
    env: { HOME: "/home/ada", PATH: "/bin", AWS_CA_BUNDLE: "/wrong" },
    ...change,
  });
  const failure = new VouchError("server-untrusted", "No answer.", { hint: "Run `x`." });
  const told = (where: FailurePlace, now = NOW) => {
    const found = findFailure(where, now);
    return found && { code: found.code, message: found.message, hint: found.hint, exit: found.exit };
  };
  const onlyFile = () =>
    path.join(marksFolder(place().state), fs.readdirSync(marksFolder(place().state))[0] ?? "");

  it("sweeps those of bursts long past, so that a polling program fills no disk", () => {
    leaveFailure(place({ parentId: 1 }), failure, NOW);
    const [old = ""] = fs.readdirSync(marksFolder(place().state));
    fs.utimesSync(path.join(marksFolder(place().state), old), 0, (NOW - 60_001) / 1000);
    leaveFailure(place({ parentId: 2 }), failure, NOW);
    const left = fs.readdirSync(marksFolder(place().state));
    assert.deepEqual([left.length, left.includes(old)], [1, false]);
  });

  onPosix("paths", "makes no home that is not there", () => {
    const home = path.join(root(), "nobody");
    const state = path.join(home, ".local", "state", "kubectl-vouch");
    leaveFailure(place({ state, env: { HOME: home } }), failure, NOW);
    assert.equal(fs.existsSync(home), false);
    fs.mkdirSync(home);
    leaveFailure(place({ state, env: { HOME: home } }), failure, NOW);
    assert.equal(fs.readdirSync(marksFolder(state)).length, 1);
  });

  it("is nothing at first", () => {
    assert.equal(findFailure(place(), NOW), undefined);
  });

  it("is told again as it was for five seconds", () => {
    leaveFailure(place(), failure, NOW);
    const same = { code: "server-untrusted", message: "No answer.", hint: "Run `x`.", exit: failure.exit };
    assert.deepEqual(told(place()), same);
    assert.deepEqual(told(place(), NOW + BURST_MS - 1), same);
    assert.equal(told(place(), NOW + BURST_MS), undefined);
    assert.equal(told(place(), NOW - 1), undefined);
  });

  onPosix("modes", "is private", () => {
    leaveFailure(place(), failure, NOW);
    assert.equal(fs.statSync(onlyFile()).mode & 0o777, 0o600);
  });

  const tries: Readonly<Record<string, Partial<FailurePlace>>> = {
    "another process": { parentId: 2 },
    "another question": { key: "other" },
    "a variable that was fixed": { env: { HOME: "/home/ada", PATH: "/bin", AWS_CA_BUNDLE: "/right" } },
    "a variable that was taken away": { env: { HOME: "/home/ada", PATH: "/bin" } },
    "a proxy that was set": {
      env: { HOME: "/home/ada", PATH: "/bin", AWS_CA_BUNDLE: "/wrong", https_proxy: "http://p" },
    },
    "another home": { env: { HOME: "/home/grace", PATH: "/bin", AWS_CA_BUNDLE: "/wrong" } },
  };
  for (const [what, change] of Object.entries(tries)) {
    it(`is not told to ${what}`, () => {
      leaveFailure(place(), failure, NOW);
      assert.equal(told(place(change)), undefined);
    });
  }

  const same: Readonly<Record<string, FailurePlace["env"]>> = {
    "a variable that has nothing to do with it": {
      HOME: "/home/ada",
      PATH: "/usr/bin",
      AWS_CA_BUNDLE: "/wrong",
    },
    "variables in another order": { AWS_CA_BUNDLE: "/wrong", PATH: "/bin", HOME: "/home/ada" },
    "a secret, which is not part of the name": {
      HOME: "/home/ada",
      AWS_CA_BUNDLE: "/wrong",
      AWS_SECRET_ACCESS_KEY: "canary",
    },
  };
  for (const [what, env] of Object.entries(same)) {
    it(`is told again in spite of ${what}`, () => {
      leaveFailure(place(), failure, NOW);
      assert.equal(told(place({ env }))?.code, "server-untrusted");
    });
  }

  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"first":1}',
    `{"first":"${NOW}","code":"usage"}`,
    `{"first":${NOW},"code":"unheard-of","message":"x","hint":"y"}`,
    `{"first":${NOW},"code":"toString","message":"x","hint":"y"}`,
  ]) {
    it(`is nothing when the mark holds ${text || "nothing"}`, () => {
      leaveFailure(place(), failure, NOW);
      fs.writeFileSync(onlyFile(), text);
      assert.equal(told(place()), undefined);
    });
  }

  it("is no reason for another failure where it cannot be left", () => {
    const state = path.join(root(), "state");
    fs.writeFileSync(state, "a file");
    leaveFailure(place(), failure, NOW);
    assert.equal(fs.readFileSync(state, "utf8"), "a file");
  });
});
