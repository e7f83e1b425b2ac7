import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { chooseIdentity, type IdentityFlags } from "../../../plugin/aws/choose-identity.ts";
import { Desk } from "../../../plugin/workplace/workplace.ts";
import type { Env } from "../../../token/env.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ROLE = "arn:aws:iam::111122223333:role/Admin";
const HUB = "arn:aws:iam::999988887777:role/Hub";
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
const VOUCH = `[profile vouch]\nregion = eu-north-1\ncredential_process = kubectl-vouch credential aws --role ${ROLE} --server https://us.vouch.sh\n`;
const AWS = `[profile base]\n${KEYS}[profile dev]\nregion = eu-west-1\nrole_arn = ${ROLE}\nsource_profile = base\n[profile empty]\nregion = x\n[profile ops]\n${KEYS}`;

const NONE: IdentityFlags = {
  role: undefined,
  via: undefined,
  profile: undefined,
  region: undefined,
  server: undefined,
  account: undefined,
  ambient: false,
};

describe("chooseIdentity", () => {
  const home = tempFolder();
  const file = () => path.join(home(), ".aws", "config");
  const choose = (options: Partial<IdentityFlags>, config = AWS + VOUCH, env: Env = {}) => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), config);
    return chooseIdentity({ ...NONE, ...options }, new Desk(fakeApp({ home: home(), env, clock: Date.now })));
  };
  const sourceOf = (...args: Parameters<typeof choose>) => {
    const choice = choose(...args);
    return choice.kind === "aws" ? choice.source : choice.kind;
  };
  const profile = (name: string, more: object = {}) => ({
    ...{ kind: "aws", profile: name, role: undefined, via: [], env: {} },
    ...more,
  });

  it("takes any profile that is named", () => {
    for (const name of ["dev", "base", "ops"])
      assert.deepEqual(sourceOf({ profile: name }, AWS, { AWS_ACCESS_KEY_ID: "x" }), profile(name));
  });

  it("takes a profile of Vouch's for the role that it names, as ever", () => {
    const choice = choose({ profile: "vouch" });
    assert.ok(choice.kind === "vouch");
    assert.deepEqual([choice.choice.role, choice.choice.profile], [ROLE, "vouch"]);
    assert.equal(sourceOf({}), "vouch");
    assert.equal(sourceOf({ role: ROLE }), "vouch");
  });

  it("takes the profile itself where a role is assumed with it, also one of Vouch's", () => {
    assert.deepEqual(
      sourceOf({ profile: "vouch", role: HUB, via: [ROLE] }),
      profile("vouch", { role: HUB, via: [ROLE] }),
    );
    assert.deepEqual(sourceOf({ profile: "dev", role: HUB }), profile("dev", { role: HUB }));
  });

  it("takes nobody for --ambient, and never because nobody is named", () => {
    assert.deepEqual(sourceOf({ ambient: true }), {
      kind: "aws",
      profile: undefined,
      role: undefined,
      via: [],
      env: {},
    });
    assert.deepEqual(sourceOf({ ambient: true, role: HUB, via: [ROLE] }), {
      kind: "aws",
      profile: undefined,
      role: HUB,
      via: [ROLE],
      env: {},
    });
  });

  it("takes the profile of AWS_PROFILE where none is specified, as every AWS tool does", () => {
    assert.deepEqual(sourceOf({}, AWS, { AWS_PROFILE: "dev" }), profile("dev"));
    assert.deepEqual(sourceOf({}, AWS, { AWS_DEFAULT_PROFILE: "ops" }), profile("ops"));
    assert.deepEqual(sourceOf({}, AWS + VOUCH, { AWS_PROFILE: "dev" }), profile("dev"));
    assert.deepEqual(sourceOf({ profile: "ops" }, AWS, { AWS_PROFILE: "dev" }), profile("ops"));
    assert.equal(sourceOf({}, AWS + VOUCH, { AWS_PROFILE: "vouch" }), "vouch");
    assert.equal(sourceOf({ role: ROLE }, AWS + VOUCH, { AWS_PROFILE: "dev" }), "vouch");
    assert.throws(() => choose({}, AWS, { AWS_PROFILE: "gone" }), {
      code: "profile-missing",
      message: /AWS profile gone \(from AWS_PROFILE\) not found/,
    });
  });

  it("takes [default] where nothing else is specified", () => {
    assert.deepEqual(sourceOf({}, `[default]\n${KEYS}${AWS}`), profile("default"));
    assert.equal(sourceOf({}, `[default]\n${KEYS}${VOUCH}`), "vouch");
  });

  it("takes neither under kubectl, where the arguments alone say who one is", () => {
    const kubectl = { KUBERNETES_EXEC_INFO: "{}" };
    const refused = { code: "aws-not-configured" };
    assert.throws(() => choose({}, AWS, { ...kubectl, AWS_PROFILE: "dev" }), refused);
    assert.throws(() => choose({}, `[default]\n${KEYS}`, kubectl), refused);
  });

  onPosix("paths", "says where the files are that lie elsewhere than usual, and only then", () => {
    const env = (more: Env) => {
      const source = sourceOf({ profile: "dev" }, AWS, more);
      return typeof source === "string" ? source : source.env;
    };
    const other = path.join(home(), "other");
    fs.writeFileSync(other, AWS);
    assert.deepEqual(env({}), {});
    assert.deepEqual(env({ AWS_CONFIG_FILE: "~/.aws/config" }), {});
    assert.deepEqual(env({ AWS_CONFIG_FILE: "~/other" }), { AWS_CONFIG_FILE: other });
    assert.deepEqual(env({ AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials" }), {
      AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials",
    });
  });

  const regions: [string, Partial<IdentityFlags>, Env, string | undefined][] = [
    ["--region", { profile: "dev", region: "a" }, { AWS_REGION: "b" }, "a"],
    ["AWS_REGION", { profile: "dev" }, { AWS_REGION: "b" }, "b"],
    ["the profile", { profile: "dev" }, {}, "eu-west-1"],
    ["nobody, where the profile has none", { profile: "ops" }, {}, undefined],
    ["the profile in force for --ambient", { ambient: true }, { AWS_PROFILE: "dev" }, "eu-west-1"],
    ["the same by its other name", { ambient: true }, { AWS_DEFAULT_PROFILE: "dev" }, "eu-west-1"],
  ];
  for (const [what, options, env, region] of regions)
    it(`takes the region of ${what}`, () => {
      const choice = choose(options, AWS, env);
      assert.equal(choice.kind === "aws" ? choice.region?.value : "vouch", region);
    });

  it("offers the profiles that give credentials where nobody is named, the likeliest first", () => {
    const hint = (config: string, env: Env = {}) => {
      try {
        choose({}, config, env);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return assert.fail("nobody is named");
    };
    assert.match(
      hint(AWS) ?? "",
      /^Specify one: `kubectl vouch setup eks --cluster NAME --profile dev` \(or base, ops\)\. To log in with a security key instead: `/,
    );
    assert.match(
      hint("[profile empty]\nregion = x\n") ?? "",
      /^Write profiles for your accounts .*: `kubectl vouch setup aws --sso-start-url URL`\. To log in with a security key/,
    );
  });

  const refusals: Record<string, [Partial<IdentityFlags>, string, RegExp]> = {
    "a profile that is not there": [
      { profile: "gone" },
      "profile-missing",
      /AWS profile gone \(.*\) not found/,
    ],
    "a profile without credentials": [{ profile: "empty" }, "profile-empty", /empty/],
    "a profile that is not Vouch's, at a server of Vouch": [
      { profile: "dev", server: "https://us.vouch.sh" },
      "profile-missing",
      /does not get its credentials from Vouch/,
    ],
    "a role of a profile at a server of Vouch": [
      { profile: "dev", role: ROLE, server: "https://us.vouch.sh" },
      "usage",
      /--server and --account are for Vouch roles/,
    ],
    "a way without a role": [{ profile: "dev", via: [HUB] }, "usage", /--via needs --role/],
    "the caller and a profile": [
      { ambient: true, profile: "dev" },
      "usage",
      /--ambient uses the caller's own credentials/,
    ],
    "the caller at a server of Vouch": [
      { ambient: true, server: "https://us.vouch.sh" },
      "usage",
      /--ambient uses the caller's own credentials/,
    ],
    "the caller as somebody": [
      { ambient: true, account: "ada@example.com" },
      "usage",
      /--ambient uses the caller's own credentials/,
    ],
    "a way of the caller's without a role": [{ ambient: true, via: [HUB] }, "usage", /--via needs/],
  };
  for (const [what, [options, code, message]] of Object.entries(refusals))
    it(`refuses ${what}`, () => assert.throws(() => choose(options, AWS), { code, message }));
});
