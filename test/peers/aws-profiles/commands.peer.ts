/**
 * Commands of the real AWS CLI 1 and 2 before the lab's STS: who they are by a profile, where they say that the keys are from, and
 * which files they keep, beside what we plan for the same files.
 *
 * Needs both CLIs on PATH. No network but loopback.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { cliRoleFile } from "../../../token/aws/sources/cache-names.ts";
import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import { readSharedFiles } from "../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { addRole, addUser, chainTrust, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { type AwsCliLab, startAwsCliLab } from "../aws-cli/aws-cli-lab.ts";

const ADA = { id: "AKIAADA0000000000001", secret: "canary-ada" };
const ACCOUNT = "111122223333";
const ADA_ARN = `arn:aws:iam::${ACCOUNT}:user/ada`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const PROCESS = JSON.stringify({ Version: 1, AccessKeyId: ADA.id, SecretAccessKey: ADA.secret });
const CONFIG = `[profile chain]
role_arn = ${roleArn("ra")}
source_profile = hop
role_session_name = ada
external_id = ext
duration_seconds = 900
[profile hop]
role_arn = ${roleArn("rb")}
source_profile = ada
[profile own]
role_arn = ${roleArn("rb")}
source_profile = own
aws_access_key_id = ${ADA.id}
aws_secret_access_key = ${ADA.secret}
[profile in-config]
aws_access_key_id = ${ADA.id}
aws_secret_access_key = ${ADA.secret}
[profile process]
credential_process = /bin/echo '${PROCESS}'
[profile by-variables]
role_arn = ${roleArn("rb")}
credential_source = Environment
`;
const CREDENTIALS = `[ada]
aws_access_key_id = ${ADA.id}
aws_secret_access_key = ${ADA.secret}
`;
const KEYS_OF_ADA = { AWS_ACCESS_KEY_ID: ADA.id, AWS_SECRET_ACCESS_KEY: ADA.secret };
const KEYS_OF_ADMIN = {
  AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
};

/** What `aws configure list` calls the source. */
const TYPES = { environment: "env", credentials: "shared-credentials-file", config: "config-file" } as const;

interface Call {
  readonly profile?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const CALLS: Readonly<Record<string, Call>> = {
  "keys in credentials": { profile: "ada" },
  "keys in config": { profile: "in-config" },
  "a process": { profile: "process" },
  "keys in the environment": { env: KEYS_OF_ADA },
  "keys in the environment, and AWS_PROFILE": { env: { ...KEYS_OF_ADMIN, AWS_PROFILE: "ada" } },
  "keys in the environment, and --profile": { profile: "ada", env: KEYS_OF_ADMIN },
  "a chain of two roles": { profile: "chain" },
  "a role by its own keys": { profile: "own" },
  "a role by the environment": { profile: "by-variables", env: KEYS_OF_ADA },
};

describe("commands of the AWS CLI by a profile", () => {
  let lab: AwsCliLab;
  let files: { readonly config: string; readonly credentials: string };

  before(async () => {
    lab = await startAwsCliLab();
    const { world } = lab.freshStage();
    addUser(world, {
      name: "ada",
      accessKeys: [{ ...ADA, active: true }],
      allows: [{ actions: ["*"], resources: ["*"] }],
    });
    addRole(world, {
      name: "rb",
      trust: [chainTrust(ADA_ARN)],
      allows: [{ actions: ["sts:AssumeRole"], resources: ["*"] }],
    });
    addRole(world, {
      name: "ra",
      trust: [{ ...chainTrust(roleArn("rb")), Condition: { StringEquals: { "sts:ExternalId": "ext" } } }],
    });
    files = { config: path.join(lab.home, "profiles"), credentials: path.join(lab.home, "credentials") };
    fs.writeFileSync(files.config, CONFIG);
    fs.writeFileSync(files.credentials, CREDENTIALS);
  });
  after(() => lab.close());

  const plan = ({ profile, env = {} }: Call) => {
    const shared = readSharedFiles(
      { path: files.config, text: CONFIG },
      { path: files.credentials, text: CREDENTIALS },
    );
    return planOf({ profile, region: "us-east-1" }, shared, env);
  };
  const run = (major: 1 | 2, words: readonly string[], { profile, env }: Call) => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...rest } = lab.env;
    const { session } = lab.clis[major - 1] ?? assert.fail(`there is no AWS CLI ${major}`);
    return session.run([...words, ...(profile === undefined ? [] : ["--profile", profile])], {
      ...rest,
      AWS_CONFIG_FILE: files.config,
      AWS_SHARED_CREDENTIALS_FILE: files.credentials,
      ...env,
    });
  };

  for (const major of [1, 2] as const) {
    for (const [name, call] of Object.entries(CALLS)) {
      it(`are who we plan, in version ${major}: ${name}`, async () => {
        fs.rmSync(cacheOf(lab), { recursive: true, force: true });
        const planned = plan(call);
        const identity = JSON.parse(succeeded(await run(major, ["sts", "get-caller-identity"], call)));
        assert.match(identity.Arn, arnOf(planned));
        assert.deepEqual(cachedBy(lab), roleFiles(planned).sort());
        const list = succeeded(await run(major, ["configure", "list"], call));
        assert.match(list, new RegExp(`access_key +:? *\\S+ +:? *${typeOf(planned)}\\b`));
      });
    }
  }

  it("export the keys that we plan, where the version has the command", async () => {
    const ofKeys = Object.values(CALLS).flatMap((call) => {
      const planned = plan(call);
      return planned.kind === "keys" ? [{ call, planned }] : [];
    });
    assert.equal(ofKeys.length, 5);
    for (const { call, planned } of ofKeys) {
      const words = ["configure", "export-credentials", "--format", "process"];
      const exported = JSON.parse(succeeded(await run(2, words, call)));
      assert.deepEqual(
        [exported.AccessKeyId, exported.SecretAccessKey],
        [planned.accessKeyId, planned.secretAccessKey],
      );
    }
  });
});

function cacheOf({ home }: AwsCliLab): string {
  return path.join(home, ".aws", "cli", "cache");
}

/** The files of assumed roles that the CLI keeps; version 2 keeps others of its own besides. */
function cachedBy(lab: AwsCliLab): string[] {
  const folder = cacheOf(lab);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => /^[0-9a-f]{40}\.json$/.test(name))
    .sort();
}

function roleFiles(plan: CredentialsPlan): string[] {
  if (plan.kind !== "assume-role") return [];
  return [cliRoleFile(plan), ...roleFiles(plan.source)];
}

function arnOf(plan: CredentialsPlan): RegExp {
  if (plan.kind === "process") return new RegExp(`^${ADA_ARN}$`);
  if (plan.kind === "keys")
    return new RegExp(`^arn:aws:iam::${ACCOUNT}:user/${plan.accessKeyId === ADA.id ? "ada" : "lab-admin"}$`);
  if (plan.kind !== "assume-role") return assert.fail(plan.kind);
  const session = plan.sessionName ?? "botocore-session-\\d+";
  return new RegExp(`^arn:aws:sts::${ACCOUNT}:assumed-role/${plan.roleArn.split("/").at(-1)}/${session}$`);
}

function typeOf(plan: CredentialsPlan): string {
  if (plan.kind === "keys") return TYPES[plan.from];
  return plan.kind === "process" ? "custom-process" : plan.kind;
}
