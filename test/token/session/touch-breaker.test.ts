import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { touchBreaker } from "../../../token/session/touch-breaker.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SERVER = "https://us.vouch.sh";

describe("touchBreaker", () => {
  const root = tempFolder();
  const state = () => path.join(root(), "state");
  const breaker = (server = SERVER) => touchBreaker(state(), server);
  const onlyFile = () => path.join(state(), fs.readdirSync(state())[0] ?? "");

  it("lets ask at first, and resets what was never tripped", () => {
    assert.equal(breaker().refused(), undefined);
    breaker().reset();
    assert.deepEqual(fs.readdirSync(root()), []);
  });

  onPosix("modes", "remembers a refusal beyond the process, until it is reset", () => {
    breaker().trip(1_768_478_400_000, "security-key-declined");
    assert.deepEqual(breaker().refused(), { at: 1_768_478_400_000, code: "security-key-declined" });
    assert.equal(fs.statSync(onlyFile()).mode & 0o777, 0o600);
    breaker().reset();
    assert.equal(breaker().refused(), undefined);
  });

  it("reads what an earlier version wrote, which did not say how it ended", () => {
    breaker().trip(1, "interrupted");
    fs.writeFileSync(onlyFile(), "7");
    assert.deepEqual(breaker().refused(), { at: 7, code: undefined });
  });

  it("remembers the last refusal", () => {
    breaker().trip(1, "security-key-declined");
    breaker().trip(2, "security-key-declined");
    assert.equal(breaker().refused()?.at, 2);
  });

  it("knows servers apart", () => {
    breaker().trip(1, "security-key-declined");
    assert.equal(breaker("https://eu.vouch.sh").refused(), undefined);
    breaker("https://eu.vouch.sh").reset();
    assert.equal(breaker().refused()?.at, 1);
  });

  for (const text of ["", " ", "soon", "-1", "1e3", "{}", "9".repeat(400)]) {
    it(`takes a file that says ${JSON.stringify(text.slice(0, 9))} for none`, () => {
      breaker().trip(1, "security-key-declined");
      fs.writeFileSync(onlyFile(), text);
      assert.equal(breaker().refused(), undefined);
    });
  }
});
