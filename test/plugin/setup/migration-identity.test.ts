import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { migrateUsers } from "../../../plugin/setup/kubeconfig-users.ts";
import { readKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { labEntry } from "./lab-entry.ts";

const entry = labEntry();
const OTHER = "arn:aws:iam::111122223333:role/Other";

type Env = Readonly<Record<string, string>>;

/** How a user entry, or the shell it is used in, says who it is; and whether that is the role set up. */
interface Way {
  readonly args?: readonly string[];
  readonly env?: Env;
  readonly shell?: Env;
  readonly program?: "aws" | "aws-iam-authenticator" | "vouch";
  readonly config?: string;
  readonly credentials?: string;
  readonly isSame: boolean;
  /** Of the reason. */
  readonly says: RegExp;
}

const profile = (name: string, ...settings: string[]) =>
  `[${name === "default" ? name : `profile ${name}`}]\n${settings.join("\n")}\n`;
const ours = (role: string) => `credential_process = kubectl-vouch credential aws --role ${role}`;
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

/** The AWS profile `dev`, by what it means. */
const PROFILES: readonly (Pick<Way, "config" | "credentials" | "isSame" | "says"> & {
  readonly what: string;
})[] = [
  {
    what: "takes on the role",
    config: profile("dev", `role_arn = ${entry.role}`, "source_profile = x"),
    isSame: true,
    says: /means arn:\S+VouchDeveloper$/,
  },
  {
    what: "takes on another role",
    config: profile("dev", `role_arn = ${OTHER}`),
    isSame: false,
    says: /its AWS profile dev means arn:\S+Other, not arn:\S+VouchDeveloper$/,
  },
  {
    what: "is ours, with the role",
    config: profile("dev", ours(entry.role)),
    isSame: true,
    says: /means arn:\S+VouchDeveloper$/,
  },
  {
    what: "is ours, with another role",
    config: profile("dev", ours(OTHER)),
    isSame: false,
    says: /means arn:\S+Other, not/,
  },
  {
    what: "is a permission set",
    config: profile("dev", "sso_role_name = Admin", "sso_account_id = 111122223333"),
    isSame: false,
    says: /permission set Admin in account 111122223333$/,
  },
  {
    what: "has keys",
    config: profile("dev", KEYS),
    isSame: false,
    says: /has other credentials \(aws_access_key_id\)$/,
  },
  {
    what: "has keys in the credentials file",
    credentials: `[dev]\n${KEYS}`,
    isSame: false,
    says: /has credentials in \S+credentials$/,
  },
  {
    what: "runs another program",
    config: profile("dev", "credential_process = granted x"),
    isSame: false,
    says: /\(credential_process\)$/,
  },
  {
    what: "says only a region",
    config: profile("dev", "region = eu-west-1"),
    isSame: false,
    says: /says nothing of a role$/,
  },
  {
    what: "is not there",
    config: profile("else", "region = eu-west-1"),
    isSame: false,
    says: /profile dev is not in \S+config$/,
  },
];

/** How an entry comes to use that profile. */
const TO_PROFILE: readonly (Pick<Way, "args" | "env" | "shell"> & { readonly what: string })[] = [
  { what: "--profile dev", args: ["--profile", "dev"] },
  {
    what: "--profile=dev beside another AWS_PROFILE of the shell",
    args: ["--profile=dev"],
    shell: { AWS_PROFILE: "x" },
  },
  { what: "AWS_PROFILE of its own", env: { AWS_PROFILE: "dev" } },
  { what: "AWS_DEFAULT_PROFILE of its own", env: { AWS_DEFAULT_PROFILE: "dev" } },
  { what: "AWS_PROFILE of the shell", shell: { AWS_PROFILE: "dev" } },
];

const OTHERS: readonly (Way & { readonly what: string })[] = [
  {
    what: "nothing, where nothing says anything",
    isSame: true,
    says: /^it named neither a role nor a profile$/,
  },
  {
    what: "nothing, where the default profile has a region",
    config: profile("default", "region = x"),
    isSame: true,
    says: /^it named neither/,
  },
  {
    what: "nothing, where the default profile is another role",
    config: profile("default", `role_arn = ${OTHER}`),
    isSame: false,
    says: /profile default means arn:\S+Other/,
  },
  {
    what: "nothing, where the default profile is the role",
    config: profile("default", ours(entry.role)),
    isSame: true,
    says: /profile default means/,
  },
  {
    what: "nothing, where the shell has keys",
    shell: { AWS_ACCESS_KEY_ID: "AKIA" },
    isSame: false,
    says: /AWS_ACCESS_KEY_ID of this shell says who it is$/,
  },
  {
    what: "the role",
    args: ["--role-arn", entry.role],
    isSame: true,
    says: /^it takes on arn:\S+VouchDeveloper$/,
  },
  { what: "the role in short", args: ["--role", entry.role], isSame: true, says: /^it takes on/ },
  {
    what: "another role",
    args: ["--role-arn", OTHER],
    isSame: false,
    says: /^it takes on arn:\S+Other, not arn/,
  },
  {
    what: "another role, glued",
    args: [`--role=${OTHER}`],
    isSame: false,
    says: /^it takes on arn:\S+Other/,
  },
  {
    what: "first the role, then another",
    args: ["--role", entry.role, "--role-arn", OTHER],
    isSame: false,
    says: /Other/,
  },
  {
    what: "another role in an abbreviation",
    args: ["--role-a", OTHER],
    isSame: false,
    says: /argument --role-a, which we do not know$/,
  },
  { what: "no signature", args: ["--no-sign-request"], isSame: false, says: /argument --no-sign-request,/ },
  {
    what: "keys",
    env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "x" },
    isSame: false,
    says: /^its variable AWS_ACCESS_KEY_ID says who it is$/,
  },
  {
    what: "a web identity",
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: OTHER },
    isSame: false,
    says: /^its variable AWS_/,
  },
  {
    what: "two profiles",
    env: { AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" },
    isSame: false,
    says: /^its variables name two profiles, a and b$/,
  },
  {
    what: "another cluster",
    args: ["--cluster-name", "prod"],
    isSame: false,
    says: /^it asks for tokens of "prod"$/,
  },
  {
    what: "another cluster id",
    program: "aws-iam-authenticator",
    args: ["-i", "prod.example"],
    isSame: false,
    says: /^it asks for tokens of "prod.example"$/,
  },
  {
    what: "the role by aws-iam-authenticator",
    program: "aws-iam-authenticator",
    args: ["-r", entry.role],
    isSame: true,
    says: /^it takes on/,
  },
  {
    what: "another role by aws-iam-authenticator",
    program: "aws-iam-authenticator",
    args: ["-r", OTHER],
    isSame: false,
    says: /^it takes on/,
  },
  { what: "nothing by upstream, with no profile", program: "vouch", isSame: true, says: /^it named neither/ },
  {
    what: "nothing by upstream, with one profile of another role",
    program: "vouch",
    config: profile("vouch", ours(OTHER)),
    isSame: false,
    says: /^its AWS profile means arn:\S+Other, not/,
  },
  {
    what: "nothing by upstream, with two profiles",
    program: "vouch",
    config: profile("vouch", ours(OTHER)) + profile("vouch-2", ours(entry.role)),
    isSame: false,
    says: /^it takes the role of an AWS profile, and there are/,
  },
  {
    what: "nothing by upstream, with AWS_PROFILE for the role",
    program: "vouch",
    shell: { AWS_PROFILE: "vouch-2" },
    config: profile("vouch", ours(OTHER)) + profile("vouch-2", ours(entry.role)),
    isSame: true,
    says: /^its AWS profile means/,
  },
  {
    what: "another Vouch server",
    program: "vouch",
    args: ["--server", "https://eu.vouch.sh"],
    isSame: false,
    says: /^it logs in at https:\/\/eu.vouch.sh, not at/,
  },
  {
    what: "somebody else's account",
    program: "vouch",
    args: ["--account", "eve@example.com"],
    isSame: false,
    says: /^it is for the account eve@example.com$/,
  },
];

const COMMANDS = {
  aws: ["eks", "get-token", "--cluster-name", "lab"],
  "aws-iam-authenticator": ["token", "-i", "lab"],
  vouch: ["credential", "eks", "--cluster-name", "lab"],
} as const;

describe("--migrate and who somebody is", () => {
  const home = tempFolder();
  const kubeconfig = ({ args = [], env = {}, program = "aws" }: Way) => `clusters:
- {name: c, cluster: {server: "${entry.endpoint}"}}
contexts:
- {name: c, context: {cluster: c, user: me}}
users:
- name: me # mine
  user: {exec: {command: ${program}, args: ${JSON.stringify([...COMMANDS[program], ...args])}, env: ${JSON.stringify(Object.entries(env).map(([name, value]) => ({ name, value })))}}}
`;
  const checkWay = (way: Way) => {
    for (const [name, text] of [
      ["config", way.config],
      ["credentials", way.credentials],
    ] as const) {
      fs.mkdirSync(path.join(home(), ".aws"), { recursive: true });
      if (text !== undefined) fs.writeFileSync(path.join(home(), ".aws", name), text);
    }
    const text = kubeconfig(way);
    const draft = kubeconfigDraft(readKubeconfigs(["/kc"], () => text));
    const [migration, ...more] = migrateUsers(draft, entry, { env: way.shell ?? {}, homeDir: home() });
    assert.deepEqual(more, []);
    assert.match(migration?.reason ?? "", way.says);
    assert.equal(migration?.migrated, way.isSame);
    assert.equal(draft.changes().length, way.isSame ? 1 : 0, "only who stays the same is changed");
    assert.ok(!JSON.stringify(migration).includes("AKIA"), "no key is shown");
  };

  for (const { what: meaning, ...of } of PROFILES) {
    for (const { what: by, ...to } of TO_PROFILE)
      it(`${of.isSame ? "migrates" : "leaves"} one that names by ${by} a profile that ${meaning}`, () =>
        checkWay({ ...of, ...to }));
  }
  for (const { what, ...way } of OTHERS)
    it(`${way.isSame ? "migrates" : "leaves"} one that names ${what}`, () => checkWay(way));

  it("reads the profile from the file that the entry's own AWS_CONFIG_FILE names", () => {
    const file = path.join(home(), "other-config");
    fs.writeFileSync(file, profile("dev", `role_arn = ${OTHER}`));
    checkWay({
      config: profile("dev", `role_arn = ${entry.role}`),
      env: { AWS_PROFILE: "dev", AWS_CONFIG_FILE: file },
      isSame: false,
      says: /means arn:\S+Other/,
    });
  });
});
