import assert from "node:assert/strict";
import { configProfiles } from "../../../token/aws/sources/shared-files.ts";
import { chosenVouchProfile, vouchProfiles } from "../../../token/aws/vouch-profile.ts";

const DEV = "arn:aws:iam::111122223333:role/Dev";
const OPS = "arn:aws:iam::111122223333:role/Ops";
const ours = (name: string, role: string) =>
  `[profile ${name}]\ncredential_process = kubectl-vouch credential aws --role ${role}\n`;
const upstream = (name: string, role: string) =>
  `[profile ${name}]\ncredential_process = /usr/bin/vouch credential aws --role ${role}\n`;
const keys = "[profile keys]\nregion = us-east-1\n";

const choose = (text: string, wish: { flag?: string; variable?: string } = {}) => {
  const { profile, origin } = chosenVouchProfile(configProfiles({ path: "f", text }), {
    ...wish,
    file: "/aws/config",
  });
  return [profile.name, profile.vouch.role, origin];
};

describe("the profile that names the role", () => {
  it("is the one of --profile", () => {
    assert.deepEqual(choose(ours("a", DEV) + upstream("b", OPS), { flag: "b", variable: "a" }), [
      "b",
      OPS,
      "flag --profile",
    ]);
  });
  it("is the one of AWS_PROFILE", () => {
    assert.deepEqual(choose(ours("a", DEV) + ours("b", OPS), { variable: "b" }), ["b", OPS, "AWS_PROFILE"]);
  });
  it("is the only one, when AWS_PROFILE names another kind", () => {
    assert.deepEqual(choose(keys + ours("a", DEV), { variable: "keys" }), ["a", DEV, "/aws/config"]);
  });
  it("is the first of several that mean the same role", () => {
    assert.deepEqual(choose(upstream("old", DEV) + ours("new", DEV)), ["old", DEV, "/aws/config"]);
  });

  it("is not guessed when there are several", () => {
    assert.throws(() => choose(ours("a", DEV) + upstream("b", OPS)), {
      code: "role-ambiguous",
      message: `Several profiles in /aws/config get their credentials from Vouch: a (${DEV}), b (${OPS}).`,
      hint: `Specify one with --profile, for example a, or a role with --role, for example ${DEV}.`,
    });
  });
  it("is missing when none is Vouch's", () => {
    assert.throws(() => choose(keys), {
      code: "aws-not-configured",
      message: "AWS is not configured for Vouch: no profile in /aws/config gets its credentials from Vouch.",
      hint: "Run `kubectl vouch setup aws --role arn:aws:iam::ACCOUNT:role/NAME`.",
    });
  });
  it("is missing when --profile names none", () => {
    assert.throws(() => choose(ours("a", DEV), { flag: "x" }), {
      code: "profile-missing",
      message: "Profile x not found in /aws/config.",
    });
    assert.throws(() => choose(keys, { flag: "keys" }), {
      code: "profile-missing",
      message: "Profile keys in /aws/config does not get its credentials from Vouch.",
    });
  });
  it("may be upstream's or ours", () => {
    assert.deepEqual(
      vouchProfiles(configProfiles({ path: "f", text: keys + ours("a", DEV) + upstream("b", OPS) })).map(
        ({ name }) => name,
      ),
      ["a", "b"],
    );
  });
});
