import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { foreignIdentity } from "../../../plugin/setup/entry-identity.ts";
import { foreignEksUser } from "../../../plugin/setup/foreign-user.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ROLE = "arn:aws:iam::111122223333:role/Admin";
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
const SSO =
  "sso_start_url = https://d.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = Dev\n";
const CONFIG = [
  `[default]\n${KEYS}`,
  `[profile dev]\n${SSO}`,
  `[profile ops]\nrole_arn = ${ROLE}\nsource_profile = dev\n`,
  "[profile process]\ncredential_process = granted x\n",
  "[profile vouch]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev\n",
  `[profile both]\n${SSO}${KEYS}`,
  `[profile on-both]\nrole_arn = ${ROLE}\nsource_profile = both\n`,
  "[profile nothing]\nregion = eu-west-1\n",
].join("\n");

type Env = Readonly<Record<string, string>>;

interface Way {
  readonly program?: "aws" | "aws-iam-authenticator" | "vouch";
  readonly args?: readonly string[];
  readonly env?: Env;
  readonly shell?: Env;
  readonly config?: string;
}

const COMMANDS = {
  aws: ["eks", "get-token", "--cluster-name", "lab"],
  "aws-iam-authenticator": ["token", "-i", "lab"],
  vouch: ["credential", "eks", "--cluster-name", "lab"],
} as const;

const profile = (name: string, more: object = {}) => ({
  ...{ kind: "aws", profile: name, role: undefined, via: [], env: {} },
  ...more,
});
const ambient = (more: object = {}) => ({
  ...{ kind: "aws", profile: undefined, role: undefined, via: [], env: {} },
  ...more,
});
/** What the AWS CLI calls each session of such a role. */
const IN_A_SESSION = { role: ROLE, sessionName: "EKSGetTokenAuth" };
const keys = { AWS_ACCESS_KEY_ID: "AKIAOTHER", AWS_SECRET_ACCESS_KEY: "y" };

/** Entries whose identity a context of ours has just so. */
const SAID: Readonly<Record<string, [Way, object]>> = {
  "--profile": [{ args: ["--profile", "dev"] }, profile("dev")],
  "--profile=, beside keys of the shell and of its own": [
    { args: ["--profile=dev"], shell: keys, env: keys },
    profile("dev"),
  ],
  "--profile, beside two others of the shell": [
    { args: ["--profile", "dev"], shell: { AWS_PROFILE: "ops", AWS_DEFAULT_PROFILE: "default" } },
    profile("dev"),
  ],
  "--profile with --role-arn": [
    { args: ["--profile", "dev", "--role-arn", ROLE] },
    profile("dev", IN_A_SESSION),
  ],
  "AWS_PROFILE of its own": [{ env: { AWS_PROFILE: "dev" } }, profile("dev")],
  "AWS_PROFILE of its own, beside another of the shell": [
    { env: { AWS_PROFILE: "dev" }, shell: { AWS_PROFILE: "ops" } },
    profile("dev"),
  ],
  "AWS_DEFAULT_PROFILE of its own": [{ env: { AWS_DEFAULT_PROFILE: "ops" } }, profile("ops")],
  "both, which say the same": [{ env: { AWS_PROFILE: "dev", AWS_DEFAULT_PROFILE: "dev" } }, profile("dev")],
  "AWS_PROFILE with --role-arn": [
    { env: { AWS_PROFILE: "dev" }, args: ["--role-arn", ROLE] },
    profile("dev", IN_A_SESSION),
  ],
  "a profile that is Vouch's": [{ args: ["--profile", "vouch"] }, profile("vouch")],
  "AWS_PROFILE for aws-iam-authenticator": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "dev" } },
    profile("dev"),
  ],
  "AWS_PROFILE for it, beside AWS_DEFAULT_PROFILE, which it takes second": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "dev" }, shell: { AWS_DEFAULT_PROFILE: "ops" } },
    profile("dev"),
  ],
  "-r for it": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "dev" }, args: ["-r", ROLE] },
    profile("dev", { role: ROLE }),
  ],
  "nobody: the default profile": [{}, ambient()],
  "nobody, and a role": [{ args: ["--role-arn", ROLE] }, ambient(IN_A_SESSION)],
  "a session name": [
    { program: "aws-iam-authenticator", args: ["-r", ROLE, "--session-name=ada"] },
    ambient({ role: ROLE, sessionName: "ada" }),
  ],
  "a session name in short": [
    { program: "aws-iam-authenticator", args: ["-r", ROLE, "-s", "ada"] },
    ambient({ role: ROLE, sessionName: "ada" }),
  ],
  "a session name for no role": [{ program: "aws-iam-authenticator", args: ["-s", "ada"] }, ambient()],
  "a session name that is passed on, as ours is": [
    { program: "aws-iam-authenticator", args: ["-r", ROLE, "--forward-session-name"] },
    ambient({ role: ROLE }),
  ],
  "nobody, and a role for aws-iam-authenticator": [
    { program: "aws-iam-authenticator", args: ["-r", ROLE] },
    ambient({ role: ROLE }),
  ],
  "nobody, and a profile of the shell": [{ shell: { AWS_PROFILE: "dev" } }, ambient()],
  "nobody, and keys of the shell": [{ shell: keys }, ambient()],
  "keys of its own": [{ env: keys }, ambient({ env: keys })],
  "keys of its own before a profile": [
    { env: { ...keys, AWS_PROFILE: "dev" } },
    ambient({ env: { ...keys, AWS_PROFILE: "dev" } }),
  ],
  "a web identity of its own": [
    { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: ROLE } },
    ambient({ env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: ROLE } }),
  ],
};

/** Those that are left alone, and why. */
const LEFT: Readonly<Record<string, [Way, RegExp]>> = {
  "a profile that is not there": [{ args: ["--profile", "gone"] }, /AWS profile gone \(.*\) not found/],
  "a profile without credentials": [
    { env: { AWS_PROFILE: "nothing" } },
    /nothing .+; from AWS_PROFILE\) does not provide credentials/,
  ],
  "two profiles": [
    { env: { AWS_PROFILE: "dev", AWS_DEFAULT_PROFILE: "ops" } },
    /AWS_PROFILE is dev and AWS_DEFAULT_PROFILE is ops, and versions 1 and 2/,
  ],
  "a profile that version 1 takes from the shell": [
    { env: { AWS_PROFILE: "dev" }, shell: { AWS_DEFAULT_PROFILE: "ops" } },
    /versions 1 and 2/,
  ],
  "a profile that version 2 takes from the shell": [
    { env: { AWS_DEFAULT_PROFILE: "dev" }, shell: { AWS_PROFILE: "ops" } },
    /versions 1 and 2/,
  ],
  "the same for aws-iam-authenticator": [
    {
      program: "aws-iam-authenticator",
      env: { AWS_DEFAULT_PROFILE: "dev" },
      shell: { AWS_PROFILE: "ops" },
    },
    /versions 1 and 2/,
  ],
  "nobody, where the shell names two": [
    { shell: { AWS_PROFILE: "dev", AWS_DEFAULT_PROFILE: "ops" } },
    /versions 1 and 2/,
  ],
  "AWS_PROFILE, where keys of the shell are stronger": [
    { env: { AWS_PROFILE: "dev" }, shell: keys },
    /AWS_ACCESS_KEY_ID in this shell overrides it$/,
  ],
  "AWS_PROFILE and a web identity": [
    { env: { AWS_PROFILE: "dev", AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: ROLE } },
    /profile dev and AWS_WEB_IDENTITY_TOKEN_FILE, and programs use different ones$/,
  ],
  "nobody, where nobody is anybody": [
    { config: "" },
    /^it does not specify an identity, and this machine does not provide one$/,
  ],
  "keys without their secret": [{ env: { AWS_ACCESS_KEY_ID: "AKIAOTHER" } }, /AWS_SECRET_ACCESS_KEY is not$/],
  "a process that nobody agreed to": [
    { args: ["--profile", "process"] },
    /^AWS profile process runs a credential_process that has not been approved/,
  ],
  "an external id": [
    {
      program: "aws-iam-authenticator",
      env: { AWS_PROFILE: "dev" },
      args: ["-r", ROLE, "--external-id", "x"],
    },
    /argument --external-id, which a kubectl-vouch context cannot/,
  ],
  "an external id in short": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "dev" }, args: ["-r", ROLE, "-e", "x"] },
    /argument -e,/,
  ],
  "another STS": [{ args: ["--endpoint-url", "https://sts.example"] }, /argument --endpoint-url,/],
  "another authority": [{ args: ["--ca-bundle=/x"] }, /argument --ca-bundle,/],
  "an argument that nobody knows": [
    { args: ["--no-sign-request"] },
    /--no-sign-request, which kubectl-vouch does not know$/,
  ],
  "a file in a variable": [
    { args: ["--profile", "dev"], env: { AWS_CONFIG_FILE: "$HOME/aws" } },
    /AWS_CONFIG_FILE is "\$HOME\/aws", which programs interpret differently$/,
  ],
  "no file": [{ args: ["--profile", "dev"], env: { AWS_SHARED_CREDENTIALS_FILE: "" } }, /FILE is "",/],
  "a profile of which the SDK for Go takes something else": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "both" } },
    /profile both has an Identity Center role and keys, and AWS programs/,
  ],
  "a role on top of such a one": [
    { program: "aws-iam-authenticator", env: { AWS_PROFILE: "on-both" } },
    /profile both has an Identity Center role and keys/,
  ],
  "a role that is none": [{ args: ["--profile", "dev", "--role-arn", "Admin"] }, /"Admin" is not the ARN/],
  "upstream's login": [{ program: "vouch" }, /Vouch's own program$/],
};

describe("--migrate and who somebody stays", () => {
  const home = tempFolder();
  const read = (
    { program = "aws", args = [], env = {}, shell = {}, config = CONFIG }: Way,
    isApproved = false,
  ) => {
    fs.mkdirSync(path.join(home(), ".aws"), { recursive: true });
    fs.writeFileSync(path.join(home(), ".aws", "config"), config);
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    const was = foreignEksUser({
      exec: { command: program, args: [...COMMANDS[program], ...args], env: variables },
    });
    assert.ok(was);
    return foreignIdentity(was, { ...awsMachine(home(), shell), isApproved: () => isApproved });
  };

  for (const [what, [way, source]] of Object.entries(SAID))
    it(`takes over ${what}`, () => assert.deepEqual(read(way).source, source));
  for (const [what, [way, reason]] of Object.entries(LEFT))
    it(`leaves ${what}`, () => {
      const left = read(way);
      assert.equal(left.source, undefined);
      assert.match(left.reason, reason);
    });

  it("takes over a process that somebody agreed to", () => {
    assert.deepEqual(read({ args: ["--profile", "process"] }, true).source, profile("process"));
  });

  it("takes over the order of the AWS CLI, which is ours", () => {
    assert.deepEqual(read({ args: ["--profile", "both"] }).source, profile("both"));
  });

  it("reads the files that the entry names itself, and keeps them", () => {
    const file = path.join(home(), "other");
    fs.writeFileSync(file, `[profile else]\n${KEYS}`);
    const way = { args: ["--profile", "else"], env: { AWS_CONFIG_FILE: file } };
    assert.deepEqual(read(way).source, profile("else", { env: { AWS_CONFIG_FILE: file } }));
    assert.equal(read({ args: ["--profile", "else"] }).source, undefined);
  });

  it("repeats no secret", () => {
    for (const [way] of [...Object.values(SAID), ...Object.values(LEFT)])
      assert.doesNotMatch(read(way).reason, /AKIA|\by\b/);
  });
});
