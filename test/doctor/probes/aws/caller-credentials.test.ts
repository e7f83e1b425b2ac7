import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { callerCredentials, renewedCredentials } from "../../../../doctor/probes/aws/caller-credentials.ts";
import { readCalledContext } from "../../../../doctor/probes/called-context.ts";
import type { ProbeHost, Program, RunOptions } from "../../../../doctor/probes/probe-host.ts";
import { onPosix } from "../../../support/platform.ts";
import { askingWith, ended, fakeProbeHost } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");

const SIGNAL = new AbortController().signal;

/** What a probe gets to ask AWS with, for an exec block on this machine; once AWS has refused what it got before. */
async function credentials(
  exec: object,
  files: Readonly<Record<string, string>> = {},
  { isRefused = false, ...changes }: Partial<ProbeHost> & { readonly isRefused?: boolean } = {},
) {
  const block = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: [], ...exec };
  const all: Readonly<Record<string, string>> = {
    [KUBECONFIG]: kubeconfigOf({ user: { exec: block } }),
    ...files,
  };
  const host = fakeProbeHost({ env: {}, readText: (file) => all[file], ...changes });
  const start = evidenceWith({ environment: {} });
  const evidence = {
    ...start,
    awsConfig: await PROBES.awsConfig.ask(askingWith({ evidence: start, host })),
    awsCredentials: await PROBES.awsCredentials.ask(askingWith({ evidence: start, host })),
  } as typeof start;
  const call = readCalledContext(evidence, host);
  assert.ok(call);
  const asked = { ...askingWith({ evidence, host, signal: SIGNAL }), call };
  return isRefused ? renewedCredentials(asked) : callerCredentials(asked);
}

const AWS = { args: ["eks", "get-token", "--cluster-name", "lab"] };
const given = (name: string) => ({
  accessKeyId: `AKIA${name}`,
  secretAccessKey: `secret of ${name}`,
  sessionToken: undefined,
  expires: NOON + 3_600_000,
});
const keysOf = (name: string) =>
  `aws_access_key_id = AKIA${name}\naws_secret_access_key = secret of ${name}\n`;
const FILES = {
  "/home/ada/.aws/credentials": `[default]\n${keysOf("default")}[dev]\n${keysOf("dev")}`,
  "/home/ada/.aws/config":
    "[profile sso]\nsso_session = x\nsso_account_id = 111122223333\nsso_role_name = Dev\n",
};

describe("callerCredentials, for another tool's context", () => {
  it("are the keys of the plugin's environment, its own before the shell's", async () => {
    const env = [
      { name: "AWS_ACCESS_KEY_ID", value: "AKIAexec" },
      { name: "AWS_SECRET_ACCESS_KEY", value: "secret of exec" },
    ];
    const shell = {
      AWS_ACCESS_KEY_ID: "AKIAshell",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_SESSION_TOKEN: "session",
    };
    assert.deepEqual(await credentials({ ...AWS, env }, FILES, { env: shell }), {
      ...given("exec"),
      sessionToken: "session",
    });
  });

  onPosix(
    "programs",
    "are the keys of the profile, whether a flag, a variable or nobody names it",
    async () => {
      const env = [{ name: "AWS_PROFILE", value: "dev" }];
      assert.deepEqual(await credentials({ ...AWS, env }, FILES), given("dev"));
      assert.deepEqual(await credentials(AWS, FILES), given("default"));
      const shell = { AWS_ACCESS_KEY_ID: "AKIAshell", AWS_SECRET_ACCESS_KEY: "x" };
      const flag = { args: ["--profile", "dev", ...AWS.args] };
      assert.deepEqual(await credentials(flag, FILES, { env: shell }), given("dev"));
    },
  );

  it("are a context's of ours by a profile as our plugin gets them", async () => {
    const ROLE = "arn:aws:iam::111122223333:role/Dev";
    const given = { accessKeyId: "ASIAours", secretAccessKey: "s", sessionToken: "t", expires: NOON };
    const asked: unknown[] = [];
    const { vouch } = fakeProbeHost();
    const sources = {
      credentials: async (request: object) => {
        asked.push(request);
        return given;
      },
      endpoints: () => ({}),
    };
    const own = (...args: readonly string[]) => ({
      command: "kubectl-vouch",
      args: ["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1", ...args],
      env: [{ name: "AWS_CONFIG_FILE", value: "/etc/aws" }],
    });
    const host = { vouch, sources, env: { HOME: "/home/ada" } };
    assert.equal(await credentials(own("--profile", "dev", "--role", ROLE), {}, host), given);
    assert.equal(await credentials(own("--ambient"), {}, host), given);
    const env = { HOME: "/home/ada", AWS_CONFIG_FILE: "/etc/aws" };
    const question = { via: [], sessionName: undefined, region: "eu-west-1", env, signal: SIGNAL };
    assert.deepEqual(asked.splice(0), [
      { profile: "dev", role: ROLE, ...question, fresh: false },
      { profile: undefined, role: undefined, ...question, fresh: false },
    ]);
    const refused = { ...host, isRefused: true };
    assert.equal(await credentials(own("--profile", "dev"), {}, refused), given);
    assert.deepEqual(asked, [{ profile: "dev", role: undefined, ...question, fresh: true }]);
  });

  it("are a Vouch context's as our plugin gets them, and new ones once AWS refused those", async () => {
    const given = { accessKeyId: "ASIAvouch", secretAccessKey: "s", sessionToken: "t", expires: NOON };
    const asked: unknown[] = [];
    const vouch = {
      ...fakeProbeHost().vouch,
      credentials: async (request: object) => {
        asked.push(request);
        return given;
      },
    };
    const role = "arn:aws:iam::111122223333:role/Dev";
    const args = ["--region", "eu-west-1", "--role", role, "--server", "https://us.vouch.sh"];
    const exec = { command: "kubectl-vouch", args: ["credential", "eks", "--cluster-name", "lab", ...args] };
    assert.equal(await credentials(exec, {}, { vouch }), given);
    assert.equal(await credentials(exec, {}, { vouch, isRefused: true }), given);
    const question = {
      server: "https://us.vouch.sh",
      role,
      via: [],
      region: "eu-west-1",
      account: undefined,
    };
    assert.deepEqual(asked, [
      { ...question, fresh: false, signal: SIGNAL },
      { ...question, fresh: true, signal: SIGNAL },
    ]);
  });

  it("are not renewed, which is for the tool itself to do", async () => {
    await assert.rejects(
      credentials(AWS, FILES, { isRefused: true }),
      /other tools' credentials are not renewed/,
    );
  });

  describe("where the AWS CLI must be asked", () => {
    let folder: string;
    const started: (readonly [program: Program, env: RunOptions["env"]])[] = [];
    before(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-credentials-"));
      fs.writeFileSync(path.join(folder, "aws"), "", { mode: 0o755 });
    });
    after(() => fs.rmSync(folder, { recursive: true }));
    const cli = (result: Parameters<typeof ended>[0]): Partial<ProbeHost> => ({
      env: { PATH: folder },
      run: async (program, { env }) => {
        started.push([program, env]);
        return ended(result);
      },
    });
    const sso = { args: ["--profile", "sso", ...AWS.args] };

    onPosix("programs", "are what it exports, without asking instance metadata", async () => {
      const stdout = JSON.stringify({
        Version: 1,
        AccessKeyId: "AKIAcli",
        SecretAccessKey: "secret of cli",
        SessionToken: "session",
      });
      assert.deepEqual(await credentials(sso, FILES, cli({ stdout })), {
        ...given("cli"),
        sessionToken: "session",
      });
      assert.deepEqual(started, [
        [
          {
            plugin: "aws",
            args: ["configure", "export-credentials", "--format", "process", "--profile", "sso"],
            instead: "aws",
          },
          { PATH: folder, AWS_EC2_METADATA_DISABLED: "true" },
        ],
      ]);
    });

    onPosix(
      "programs",
      "are asked of the aws of our PATH, with what the exec block says of keys and nothing else",
      async () => {
        const receivers = [
          "AWS_ENDPOINT_URL",
          "AWS_ENDPOINT_URL_SSO",
          "AWS_CA_BUNDLE",
          "AWS_USE_FIPS_ENDPOINT",
        ];
        const others = ["PATH", "PYTHONPATH", "LD_PRELOAD", "AWS_PROFILE", "HOME", "https_proxy"];
        const env = [...others, ...receivers].map((name) => ({ name, value: `/evil/${name}` }));
        started.length = 0;
        await assert.rejects(credentials({ ...sso, env }, FILES, cli({ exitCode: 1, stderr: "no" })), {
          message: "no",
        });
        assert.deepEqual(started[0]?.[1], {
          PATH: folder,
          AWS_PROFILE: "/evil/AWS_PROFILE",
          AWS_CONFIG_FILE: "/evil/HOME/.aws/config",
          AWS_SHARED_CREDENTIALS_FILE: "/evil/HOME/.aws/credentials",
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
        });
      },
    );

    onPosix("programs", "are missing for the reason that it gives", async () => {
      const stderr = "\nError loading SSO Token: Token for x does not exist\n";
      await assert.rejects(credentials(sso, FILES, cli({ exitCode: 255, stderr })), {
        message: "Error loading SSO Token: Token for x does not exist",
      });
      await assert.rejects(credentials(sso, FILES, cli({ stdout: "AccessKeyId AKIA" })), {
        message: "aws configure export-credentials exited with status 0",
      });
    });

    it("are missing where there is no AWS CLI", async () => {
      await assert.rejects(credentials(sso, FILES), {
        message: "no AWS keys were found here, and the AWS CLI is not on the PATH",
      });
    });
  });
});
