import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type RoleFlags, resolveRole } from "../../../plugin/vouch/role-choice.ts";
import { Desk } from "../../../plugin/workplace/workplace.ts";
import type { Env } from "../../../token/env.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const process_ = (name: string, more = "") =>
  `credential_process = kubectl-vouch credential aws --role ${role(name)} --server https://us.vouch.sh${more}\n`;

const ONE = `[default]\nregion = eu-north-1\n[profile one]\n${process_("One", ` --via ${role("Way")} --account ada@example.com`)}region = eu-west-1\n`;
const TWO = `${ONE}[profile two]\n${process_("Two")}`;
const FOREIGN = `${ONE}[profile foreign]\nregion = us-west-2\nsso_session = x\n`;

const NONE: RoleFlags = {
  role: undefined,
  via: undefined,
  profile: undefined,
  region: undefined,
  server: undefined,
  account: undefined,
};

describe("resolveRole", () => {
  const home = tempFolder();
  const file = () => path.join(home(), ".aws", "config");
  const resolve = (config: string | undefined, options: Partial<RoleFlags> = {}, env: Env = {}) => {
    if (config !== undefined) {
      fs.mkdirSync(path.dirname(file()), { recursive: true });
      fs.writeFileSync(file(), config);
    }
    return resolveRole({ ...NONE, ...options }, new Desk(fakeApp({ home: home(), env, clock: Date.now })));
  };

  it("takes everything from a complete command line, and reads no file for it", () => {
    const options = { role: role("Flag"), via: [role("Via")], region: "us-east-1" };
    assert.deepEqual(resolve("[broken", options, { AWS_PROFILE: "one", AWS_REGION: "eu-west-1" }), {
      role: role("Flag"),
      via: [role("Via")],
      origin: "flag --role",
      profile: undefined,
      region: { value: "us-east-1", origin: "flag --region" },
      server: undefined,
      account: undefined,
    });
  });

  it("takes the only Vouch profile there is, with all it says", () => {
    assert.deepEqual(resolve(FOREIGN), {
      role: role("One"),
      via: [role("Way")],
      origin: file(),
      profile: "one",
      region: { value: "eu-west-1", origin: `profile one in ${file()}` },
      server: "https://us.vouch.sh",
      account: "ada@example.com",
    });
  });

  it("takes server and account of the command line before those of the profile", () => {
    const { server, account } = resolve(ONE, { server: "https://eu.vouch.sh", account: "bob@example.com" });
    assert.deepEqual({ server, account }, { server: "https://eu.vouch.sh", account: "bob@example.com" });
  });

  const profiles: Record<string, [string, Partial<RoleFlags>, Env, [string, string]]> = {
    "--profile before AWS_PROFILE": [
      TWO,
      { profile: "two" },
      { AWS_PROFILE: "one" },
      ["Two", "flag --profile"],
    ],
    "AWS_PROFILE that is ours": [TWO, {}, { AWS_PROFILE: "two" }, ["Two", "AWS_PROFILE"]],
    "the only one, when AWS_PROFILE is another's": [FOREIGN, {}, { AWS_PROFILE: "foreign" }, ["One", "FILE"]],
    "the only one, when AWS_PROFILE is empty": [ONE, {}, { AWS_PROFILE: "" }, ["One", "FILE"]],
  };
  for (const [what, [config, options, env, [name, origin]]] of Object.entries(profiles)) {
    it(`takes ${what}`, () => {
      const choice = resolve(config, options, env);
      assert.deepEqual([choice.role, choice.origin], [role(name), origin === "FILE" ? file() : origin]);
    });
  }

  it("puts --via before the way of the profile, also one that is empty", () => {
    assert.deepEqual(resolve(ONE, { via: [] }).via, []);
    assert.deepEqual(resolve(ONE, { via: [role("Other")] }).via, [role("Other")]);
  });

  const regions: [string, Partial<RoleFlags>, Env, string | undefined, string?][] = [
    ["--region", { region: "a" }, { AWS_REGION: "b", AWS_DEFAULT_REGION: "c" }, "a", "flag --region"],
    ["AWS_REGION", {}, { AWS_REGION: "b", AWS_DEFAULT_REGION: "c" }, "b", "AWS_REGION"],
    ["AWS_DEFAULT_REGION", {}, { AWS_REGION: "", AWS_DEFAULT_REGION: "c" }, "c", "AWS_DEFAULT_REGION"],
    ["the profile of the role", {}, {}, "eu-west-1", "profile one in FILE"],
    [
      "the profile that --profile names beside --role",
      { role: role("X"), profile: "foreign" },
      {},
      "us-west-2",
      "profile foreign in FILE",
    ],
    [
      "the profile that AWS_PROFILE names beside --role",
      { role: role("X") },
      { AWS_PROFILE: "foreign" },
      "us-west-2",
      "profile foreign in FILE",
    ],
    ["the default profile beside --role", { role: role("X") }, {}, "eu-north-1", "profile default in FILE"],
    ["nowhere, when a named profile has none", { role: role("X"), profile: "missing" }, {}, undefined],
  ];
  for (const [what, options, env, value, origin = ""] of regions) {
    it(`takes the region of ${what}`, () => {
      assert.deepEqual(
        resolve(FOREIGN, options, env).region,
        value === undefined ? undefined : { value, origin: origin.replace("FILE", file()) },
      );
    });
  }

  const refusals: Record<string, [string | undefined, Partial<RoleFlags>, Env, string, RegExp]> = {
    "no config": [
      undefined,
      {},
      {},
      "aws-not-configured",
      /no profile in .+ gets its credentials from Vouch/,
    ],
    "a config without us": ["[default]\nregion = eu-west-1\n", {}, {}, "aws-not-configured", /Vouch/],
    "two of us": [TWO, {}, {}, "role-ambiguous", /one \(\S+One\), two \(\S+Two\)/],
    "a profile that does not exist": [ONE, { profile: "x" }, {}, "profile-missing", /Profile x not found in/],
    "a profile of somebody else": [
      FOREIGN,
      { profile: "foreign" },
      {},
      "profile-missing",
      /does not get its credentials/,
    ],
    "a broken config": ["[broken\n", {}, {}, "aws-config-invalid", /config/],
  };
  for (const [what, [config, options, env, code, message]] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => resolve(config, options, env), { code, message });
    });
  }
});
