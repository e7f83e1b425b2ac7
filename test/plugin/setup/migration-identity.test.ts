import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { compareIdentity } from "../../../plugin/setup/entry-identity.ts";
import { foreignEksUser } from "../../../plugin/setup/foreign-user.ts";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { migrateUsers } from "../../../plugin/setup/migrate-users.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { labEntry } from "./lab-entry.ts";

const entry = labEntry();
const OTHER = "arn:aws:iam::111122223333:role/Other";

type Env = Readonly<Record<string, string>>;

/** How a user entry, or the shell it is used in, says who it is. */
interface Way {
  readonly args?: readonly string[];
  readonly env?: Env;
  readonly shell?: Env;
  readonly program?: "aws" | "aws-iam-authenticator" | "vouch";
  readonly config?: string;
  readonly credentials?: string;
}

/** What an entry names, how, and the reason that is given. */
type Cases = Readonly<Record<string, readonly [Way, RegExp]>>;

const profile = (name: string, ...settings: string[]) =>
  `[${name === "default" ? name : `profile ${name}`}]\n${settings.join("\n")}\n`;
const ours = (role: string) => `credential_process = kubectl-vouch credential aws --role ${role}`;
const SSO =
  "sso_role_name = Admin\nsso_account_id = 111122223333\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1";
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

const assuming = (role: string) =>
  profile("dev", `role_arn = ${role}`, "source_profile = x") + profile("x", KEYS);

/** The AWS profile `dev` where it means the role that is set up, and what is said of it. */
const PROFILES_OF_THE_ROLE: Cases = {
  "takes on the role": [{ config: assuming(entry.source.role) }, /uses arn:\S+VouchDeveloper$/],
  "is ours, with the role": [
    { config: profile("dev", ours(entry.source.role)) },
    /uses arn:\S+VouchDeveloper$/,
  ],
};

/** Where it means somebody else, or nobody knows whom. */
const PROFILES_OF_OTHERS: Cases = {
  "takes on another role": [
    { config: assuming(OTHER) },
    /its AWS profile dev uses arn:\S+Other, not arn:\S+VouchDeveloper$/,
  ],
  "is ours, with another role": [{ config: profile("dev", ours(OTHER)) }, /uses arn:\S+Other, not/],
  "is ours, with the role, for another person": [
    { config: profile("dev", `${ours(entry.source.role)} --account bob@example.com`) },
    /its AWS profile dev uses account bob@example\.com$/,
  ],
  "is ours, with the role, at another server": [
    { config: profile("dev", `${ours(entry.source.role)} --server https://other.example`) },
    /its AWS profile dev logs in to https:\/\/other\.example, not to /,
  ],
  "takes on the role with nobody's credentials": [
    { config: profile("dev", `role_arn = ${entry.source.role}`) },
    /it sets role_arn, but neither source_profile nor credential_source$/,
  ],
  "is a permission set": [{ config: profile("dev", SSO) }, /permission set Admin in account 111122223333$/],
  "is a permission set before it is ours, with the role": [
    { config: profile("dev", ours(entry.source.role), SSO) },
    /an Identity Center role and a process, and AWS programs disagree on which comes first$/,
  ],
  "is a login before it is ours, with the role": [
    { config: profile("dev", ours(entry.source.role), "login_session = arn:aws:iam::111122223333:user/x") },
    /a login and a process, and AWS programs disagree on which comes first$/,
  ],
  "has keys": [{ config: profile("dev", KEYS) }, /has different credentials \(keys\)$/],
  "has keys in the credentials file": [
    { credentials: `[dev]\n${KEYS}` },
    /has different credentials \(keys\)$/,
  ],
  "runs another program": [
    { config: profile("dev", "credential_process = granted x") },
    /\(credential_process\)$/,
  ],
  "says only a region": [{ config: profile("dev", "region = eu-west-1") }, /does not provide credentials: /],
  "is not there": [{ config: profile("else", "region = eu-west-1") }, /AWS profile dev \(.*\) not found/],
};

/** How an entry comes to use that profile. */
const TO_PROFILE: Readonly<Record<string, Way>> = {
  "--profile dev": { args: ["--profile", "dev"] },
  "--profile=dev beside another AWS_PROFILE of the shell": {
    args: ["--profile=dev"],
    shell: { AWS_PROFILE: "x" },
  },
  "AWS_PROFILE of its own": { env: { AWS_PROFILE: "dev" } },
  "AWS_DEFAULT_PROFILE of its own": { env: { AWS_DEFAULT_PROFILE: "dev" } },
};

/** What else says that it is the role. */
const ALSO_THE_ROLE: Cases = {
  "the role": [{ args: ["--role-arn", entry.source.role] }, /^it assumes arn:\S+VouchDeveloper$/],
  "the role in short": [{ args: ["--role", entry.source.role] }, /^it assumes/],
  "the role by aws-iam-authenticator": [
    { program: "aws-iam-authenticator", args: ["-r", entry.source.role] },
    /^it assumes/,
  ],
  "nothing by upstream, with no profile": [{ program: "vouch" }, /^no AWS profile specifies its role/],
  "nothing by upstream, with AWS_PROFILE for the role": [
    {
      program: "vouch",
      env: { AWS_PROFILE: "vouch-2" },
      config: profile("vouch", ours(OTHER)) + profile("vouch-2", ours(entry.source.role)),
    },
    /^the role of its AWS profile is /,
  ],
};

const EACH_SHELL = /^it specifies neither a role nor a profile, so its identity depends on the shell$/;

/** What else says that it is not. */
const NOT_THE_ROLE: Cases = {
  "a profile of the role, in the files of another home": [
    {
      args: ["--profile", "dev"],
      env: { HOME: "/home/bob" },
      config: profile("dev", ours(entry.source.role)),
    },
    /^its HOME points to AWS files other than yours$/,
  ],
  "nothing, where nothing says anything: on a virtual machine it may be the machine's role": [{}, EACH_SHELL],
  "nothing, where the default profile has a region": [
    { config: profile("default", "region = x") },
    EACH_SHELL,
  ],
  "nothing, where the default profile is the role": [
    { config: profile("default", ours(entry.source.role)) },
    EACH_SHELL,
  ],
  "nothing, where the shell names a profile of the role": [
    { config: profile("dev", ours(entry.source.role)), shell: { AWS_PROFILE: "dev" } },
    EACH_SHELL,
  ],
  "nothing, where the shell has keys": [{ shell: { AWS_ACCESS_KEY_ID: "AKIA" } }, EACH_SHELL],
  "another role": [{ args: ["--role-arn", OTHER] }, /^it assumes arn:\S+Other, not arn/],
  "another role, glued": [{ args: [`--role=${OTHER}`] }, /^it assumes arn:\S+Other/],
  "first the role, then another": [{ args: ["--role", entry.source.role, "--role-arn", OTHER] }, /Other/],
  "another role in an abbreviation": [
    { args: ["--role-a", OTHER] },
    /argument --role-a, which kubectl-vouch does not know$/,
  ],
  "no signature": [{ args: ["--no-sign-request"] }, /argument --no-sign-request,/],
  keys: [
    { env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "x" } },
    /^its variable AWS_ACCESS_KEY_ID determines its identity$/,
  ],
  "a web identity": [
    { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: OTHER } },
    /^its variable AWS_/,
  ],
  "two profiles": [
    { env: { AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" } },
    /^AWS_PROFILE is a and AWS_DEFAULT_PROFILE is b, and versions 1 and 2/,
  ],
  "nothing by upstream, with two profiles, where the shell names that of the role": [
    {
      program: "vouch",
      shell: { AWS_PROFILE: "vouch-2" },
      config: profile("vouch", ours(OTHER)) + profile("vouch-2", ours(entry.source.role)),
    },
    /^it uses the role of an AWS profile, but there are several/,
  ],
  "another role by aws-iam-authenticator": [
    { program: "aws-iam-authenticator", args: ["-r", OTHER] },
    /^it assumes/,
  ],
  "nothing by upstream, with one profile of another role": [
    { program: "vouch", config: profile("vouch", ours(OTHER)) },
    /^the role of its AWS profile is arn:\S+Other, not/,
  ],
  "nothing by upstream, with two profiles": [
    { program: "vouch", config: profile("vouch", ours(OTHER)) + profile("vouch-2", ours(entry.source.role)) },
    /^it uses the role of an AWS profile, but there are several/,
  ],
  "another Vouch server": [
    { program: "vouch", args: ["--server", "https://eu.vouch.sh"] },
    /^it logs in to https:\/\/eu.vouch.sh, not to/,
  ],
  "somebody else's account": [
    { program: "vouch", args: ["--account", "eve@example.com"] },
    /^it uses account eve@example.com$/,
  ],
};

const COMMANDS = {
  aws: ["eks", "get-token", "--cluster-name", "lab"],
  "aws-iam-authenticator": ["token", "-i", "lab"],
  vouch: ["credential", "eks", "--cluster-name", "lab"],
} as const;

describe("--migrate and who is the role of Vouch that is set up", () => {
  const home = tempFolder();
  const kubeconfig = ({ args = [], env = {}, program = "aws" }: Way) => `clusters:
- {name: c, cluster: {server: "${entry.endpoint}"}}
contexts:
- {name: c, context: {cluster: c, user: me}}
users:
- name: me # mine
  user: {exec: {command: ${program}, args: ${JSON.stringify([...COMMANDS[program], ...args])}, env: ${JSON.stringify(Object.entries(env).map(([name, value]) => ({ name, value })))}}}
`;
  const checkWay = (way: Way, { isSame, says }: { readonly isSame: boolean; readonly says: RegExp }) => {
    for (const [name, text] of [
      ["config", way.config],
      ["credentials", way.credentials],
    ] as const) {
      fs.mkdirSync(path.join(home(), ".aws"), { recursive: true });
      if (text !== undefined) fs.writeFileSync(path.join(home(), ".aws", name), text);
    }
    const text = kubeconfig(way);
    const view = mergeKubeconfigs(["/kc"], () => text);
    const draft = kubeconfigDraft(view);
    const aws = { ...awsMachine(home(), way.shell), isApproved: () => false };
    const [migration, ...more] = migrateUsers(draft, [entry], aws);
    assert.deepEqual(more, []);
    assert.equal(migration?.source?.kind === "vouch", isSame);
    assert.equal(draft.changes().length, migration?.migrated ? 1 : 0, "only who stays the same is changed");
    const { source: _secret, ...shown } = migration ?? {};
    assert.ok(!JSON.stringify(shown).includes("AKIA"), "no key is shown");
    const foreign = foreignEksUser(view.entries.users.get("me")?.body ?? {});
    const compared = foreign && compareIdentity(foreign, entry.source, aws);
    assert.match(compared?.reason ?? "", says);
    if (isSame || !migration?.migrated) assert.match(migration?.reason ?? "", says);
  };

  for (const [does, isSame, profiles, others] of [
    ["migrates", true, PROFILES_OF_THE_ROLE, ALSO_THE_ROLE],
    ["leaves", false, PROFILES_OF_OTHERS, NOT_THE_ROLE],
  ] as const) {
    for (const [meaning, [of, says]] of Object.entries(profiles)) {
      for (const [by, to] of Object.entries(TO_PROFILE))
        it(`${does} one that names by ${by} a profile that ${meaning}`, () =>
          checkWay({ ...of, ...to }, { isSame, says }));
    }
    for (const [what, [way, says]] of Object.entries(others))
      it(`${does} one that names ${what}`, () => checkWay(way, { isSame, says }));
  }

  for (const [variable, value] of [
    ["AWS_ACCESS_KEY_ID", "AKIA"],
    ["AWS_SESSION_TOKEN", "x"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "/token"],
    ["AWS_ROLE_ARN", OTHER],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/"],
    ["AWS_PROFILE", "x"],
    ["AWS_DEFAULT_PROFILE", "x"],
    ["AWS_CONFIG_FILE", "/config"],
    ["AWS_SHARED_CREDENTIALS_FILE", "/credentials"],
  ] as const) {
    const config = assuming(entry.source.role);
    const own = variable === "AWS_PROFILE" ? "AWS_DEFAULT_PROFILE" : "AWS_PROFILE";
    it(`leaves one that names the role by ${own} where ${variable} of the shell may decide`, () =>
      checkWay(
        { config, env: { [own]: "dev" }, shell: { [variable]: value } },
        { isSame: false, says: new RegExp(variable) },
      ));
    it(`migrates one that names the role by --profile, whatever ${variable} of the shell says`, () => {
      const moves = variable.endsWith("_FILE") && variable !== "AWS_WEB_IDENTITY_TOKEN_FILE";
      checkWay(
        { config, args: ["--profile", "dev"], shell: { [variable]: value } },
        moves
          ? { isSame: false, says: new RegExp(variable) }
          : { isSame: true, says: /its AWS profile dev uses/ },
      );
    });
  }

  it("reads the profile from the file that the entry's own AWS_CONFIG_FILE names", () => {
    const file = path.join(home(), "other-config");
    fs.writeFileSync(file, assuming(OTHER));
    const env = { AWS_PROFILE: "dev", AWS_CONFIG_FILE: file };
    const config = assuming(entry.source.role);
    checkWay({ config, env }, { isSame: false, says: /uses arn:\S+Other/ });
  });
});
