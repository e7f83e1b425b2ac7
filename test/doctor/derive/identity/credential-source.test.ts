import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { awsConfig, awsExec, execBlock, healthyBundle, healthyVouchBundle } from "../../support/bundle.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" };
const CONFIG = awsConfig(`[default]
region = eu-west-1
[profile dev]
region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Dev
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile login]
login_session = arn:aws:iam::111122223333:user/ada
[profile process]
credential_process = /usr/local/bin/dev-credentials
[profile both]
credential_process = /usr/local/bin/dev-credentials
aws_access_key_id = ***
aws_secret_access_key = ***
[profile config]
aws_access_key_id = ***
aws_secret_access_key = ***
[profile chain]
role_arn = arn:aws:iam::111122223333:role/Dev
source_profile = sso
[profile irsa]
role_arn = arn:aws:iam::111122223333:role/Pod
web_identity_token_file = /run/token
`);
const CREDENTIALS = {
  awsCredentials: {
    path: "/home/ada/.aws/credentials",
    text: "[keys]\naws_access_key_id = ***\naws_secret_access_key = ***\n",
  },
};

const AUTHENTICATOR = execBlock(
  "apiVersion: client.authentication.k8s.io/v1beta1\ncommand: aws-iam-authenticator\nargs: [token, -i, lab]\n",
);

function source(changes: Partial<DoctorEvidence>) {
  return deriveFacts(healthyBundle({ ...CONFIG, ...CREDENTIALS, ...changes })).credentials;
}

describe("credentialSource", () => {
  const byProfile = {
    sso: "sso",
    login: "login",
    process: "process",
    both: "process",
    config: "config-file",
    keys: "credentials-file",
    chain: "assume-role",
    irsa: "web-identity",
  };
  for (const [name, kind] of Object.entries(byProfile)) {
    it(`takes profile ${name} for ${kind}`, () => {
      const found = source(awsExec({ AWS_PROFILE: name }));
      assert.deepEqual(
        [found?.kind, found?.profile, found?.isSure],
        [kind, { name, chosenBy: "exec.env", variable: "AWS_PROFILE in the exec block's env" }, true],
      );
    });
  }

  it("follows source_profile to the profile that has credentials", () => {
    const found = source(awsExec({ AWS_PROFILE: "chain" }));
    assert.deepEqual(
      found?.chain.map(({ name }) => name),
      ["chain", "sso"],
    );
    assert.equal(
      found?.why,
      "profile chain (from AWS_PROFILE in the exec block's env) assumes arn:aws:iam::111122223333:role/Dev",
    );
  });

  it("ends at a loop of profiles", () => {
    const loop = awsConfig("[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = a\n");
    const found = source({ ...loop, ...awsExec({ AWS_PROFILE: "a" }) });
    assert.deepEqual(
      found?.chain.map(({ name }) => name),
      ["a"],
    );
    assert.match(found?.why ?? "", /source_profile forms a loop: a > a$/);
  });

  // The order of the AWS CLI, measured with 1.45.11.
  it("puts the environment's keys before a profile that a variable names", () => {
    const found = source({ environment: KEYS, ...awsExec({ AWS_PROFILE: "sso" }) });
    assert.equal(found?.kind, "environment");
    assert.equal(
      found?.why,
      "AWS_ACCESS_KEY_ID is set in the environment and takes precedence over profile sso",
    );
  });

  it("takes what a file of the client sets, unsurely, and only while the environment is not known", () => {
    const file = (text: string) => ({ client: { name: "kubectl", files: [{ path: "/src/.envrc", text }] } });
    const unknown = { environment: { failed: "not looked at" } };
    const keys = source({ ...file("export AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12"), ...unknown });
    assert.deepEqual(
      [keys?.kind, keys?.why, keys?.isSure],
      ["environment", "AWS_ACCESS_KEY_ID is set in /src/.envrc and takes precedence over profile dev", false],
    );
    const profile = source({ ...file("AWS_PROFILE=sso"), ...unknown, ...awsExec({}) });
    assert.deepEqual(profile?.profile, {
      name: "sso",
      chosenBy: "file",
      variable: "AWS_PROFILE in /src/.envrc",
    });
    const known = source({ ...file("export AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12"), ...awsExec({}) });
    assert.equal(known?.kind, "instance-metadata");
  });

  it("puts --profile before the environment's keys", () => {
    assert.equal(source({ environment: KEYS, ...awsExec({}, ["--profile", "sso"]) })?.kind, "sso");
  });

  it("lets exec.env win over the environment, and an empty key count as none", () => {
    assert.equal(
      source({ environment: { AWS_PROFILE: "keys" }, ...awsExec({ AWS_PROFILE: "sso" }) })?.kind,
      "sso",
    );
    assert.equal(
      source({ environment: KEYS, ...awsExec({ AWS_PROFILE: "sso", AWS_ACCESS_KEY_ID: "" }) })?.kind,
      "sso",
    );
  });

  describe("asks of AWS_PROFILE and AWS_DEFAULT_PROFILE", () => {
    const environment = { AWS_DEFAULT_PROFILE: "keys", AWS_PROFILE: "sso" };
    const version = (text: string) => ({
      execCommand: { command: "aws", resolved: "/usr/bin/aws", version: text },
    });
    const cases = {
      "the first for AWS CLI 2": ["sso", true, { ...awsExec({}), ...version("aws-cli/2.36.7") }],
      "the second for AWS CLI 1": [
        "credentials-file",
        true,
        { ...awsExec({}), ...version("aws-cli/1.45.11") },
      ],
      "the first for aws-iam-authenticator": ["sso", true, AUTHENTICATOR],
      "the first, unsurely, for an AWS CLI of unknown version": [
        "sso",
        false,
        { ...awsExec({}), execCommand: { failed: "not looked at" } },
      ],
    } as const;
    for (const [what, [kind, isSure, changes]] of Object.entries(cases))
      it(what, () => {
        const found = source({ environment, ...changes });
        assert.deepEqual([found?.kind, found?.isSure], [kind, isSure]);
      });
  });

  it("lets aws-iam-authenticator go on where AWS_DEFAULT_PROFILE names a profile that is not there", () => {
    const gone = (name: string) => source({ environment: { [name]: "gone" }, ...AUTHENTICATOR })?.kind;
    assert.deepEqual([gone("AWS_DEFAULT_PROFILE"), gone("AWS_PROFILE")], ["instance-metadata", "nothing"]);
  });

  it("is sure of an AWS CLI of unknown version where all versions do the same", () => {
    const found = source({ ...awsExec({ AWS_PROFILE: "sso" }), execCommand: { failed: "not looked at" } });
    assert.deepEqual([found?.kind, found?.isSure], ["sso", true]);
  });

  it("does not take a login for one with an AWS CLI that is older than aws login", () => {
    const execCommand = { command: "aws", resolved: "/usr/bin/aws", version: "aws-cli/2.9.19" };
    const found = source({ ...awsExec({ AWS_PROFILE: "login" }), execCommand });
    assert.equal(found?.kind, "instance-metadata");
  });

  it("puts a pod's web identity before the files, unless --profile is given", () => {
    const environment = {
      AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token",
      AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/Pod",
    };
    assert.equal(source({ environment, ...awsExec({ AWS_PROFILE: "keys" }) })?.kind, "web-identity");
    assert.equal(source({ environment, ...awsExec({}, ["--profile", "keys"]) })?.kind, "credentials-file");
  });

  const lastResorts = {
    container: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials" },
    nothing: { AWS_EC2_METADATA_DISABLED: "true" },
    "instance-metadata": { HOME: "/home/ada" },
  };
  for (const [kind, environment] of Object.entries(lastResorts)) {
    it(`ends at ${kind} when no profile gives credentials`, () => {
      assert.equal(source({ environment, ...awsExec({}) })?.kind, kind);
    });
  }

  it("finds nothing behind a profile that does not exist", () => {
    const found = source(awsExec({ AWS_PROFILE: "gone" }));
    assert.equal(found?.kind, "nothing");
    assert.equal(found?.why, "profile gone (from AWS_PROFILE in the exec block's env) does not exist");
  });

  it("is not sure while the environment or a file is unknown", () => {
    const unsure = [
      { environment: { failed: "not looked at" } },
      { awsCredentials: { failed: "permission denied" } },
    ];
    for (const changes of unsure) {
      assert.equal(source({ ...awsExec({ AWS_PROFILE: "keys" }), ...changes })?.isSure, false);
    }
  });

  it("says of a file that the program does not read which line it is", () => {
    const found = source({ ...awsExec({ AWS_PROFILE: "keys" }), ...awsConfig("[a]\n[b]\n[a]\n") });
    const { kind, why, isSure, fault } = found ?? assert.fail();
    assert.deepEqual([kind, isSure, fault?.code], ["nothing", true, "aws-config-invalid"]);
    assert.equal(why, "The AWS CLI cannot read /home/ada/.aws/config: line 3: [a] appears twice");
  });

  it("says of a profile that is not whole what it is meant to be, and what is wrong", () => {
    const sso = "[profile dev]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n";
    const found = source(awsConfig(sso));
    assert.deepEqual([found?.kind, found?.fault?.code], ["sso", "profile-invalid"]);
    assert.equal(found?.why, "AWS profile dev (/home/ada/.aws/config, line 2): [sso-session corp] not found");
  });

  it("says what half a pair of keys, or half a web identity, is meant to be", () => {
    const half = "aws_access_key_id = AKIAEXAMPLEEXAMPLE12\n";
    const inConfig = source(awsConfig(`[profile dev]\n${half}`));
    const awsCredentials = { path: "/home/ada/.aws/credentials", text: `[dev]\n${half}` };
    const inCredentials = source({ ...awsConfig("[profile dev]\nregion = eu-west-1\n"), awsCredentials });
    const id = source({ environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12" } });
    const token = source({ environment: { AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token" } });
    assert.deepEqual(
      [inConfig, inCredentials, id, token].map((found) => [found?.kind, found?.fault?.code, found?.isSure]),
      [
        ["config-file", "profile-invalid", false],
        ["credentials-file", "profile-invalid", false],
        ["environment", "aws-variables-invalid", true],
        ["web-identity", "aws-variables-invalid", true],
      ],
    );
  });

  it("does not take what a person left out of a file for the file", () => {
    const config = (text: string) => source({ ...awsConfig(text), excerpts: [] });
    for (const mark of ["...", "…", "***", "  [...]"])
      assert.deepEqual(
        [config(`[profile dev]\nregion = x\n${mark}\n`)?.fault?.code, config(`${mark}\n`)?.isSure],
        [undefined, false],
      );
    const whole = source(awsExec({ AWS_PROFILE: "gone" }));
    assert.deepEqual([whole?.kind, whole?.isSure, whole?.fault?.code], ["nothing", true, "profile-missing"]);
    for (const part of ["awsConfig", "awsCredentials", "environment"] as const)
      assert.equal(source({ ...awsExec({ AWS_PROFILE: "gone" }), excerpts: [part] })?.isSure, false);
    assert.equal(source({ ...awsConfig("[a\n"), excerpts: ["awsConfig"] })?.fault, undefined);
  });

  it("is Vouch for a context of ours, whatever AWS's variables say, and unknown for a plugin it does not know", () => {
    const ours = deriveFacts(healthyVouchBundle({ environment: KEYS })).credentials;
    assert.deepEqual([ours?.kind, ours?.profile], ["vouch", undefined]);
    const other = execBlock("apiVersion: client.authentication.k8s.io/v1\ncommand: my-token\nargs: []\n");
    assert.equal(source(other), undefined);
  });
});
