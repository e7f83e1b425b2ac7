import assert from "node:assert/strict";
import path from "node:path";
import type { DoctorEvidence, PluginRun, TokenFacts } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { newProbeSecrets } from "../../../../doctor/probes/probe.ts";
import type { ProbeHost, Program, RunOptions, RunResult } from "../../../../doctor/probes/probe-host.ts";
import { signEksToken } from "../../../../token/eks/eks-token.ts";
import { onPosix } from "../../../support/platform.ts";
import { askingWith, ended, fakeProbeHost, filesNamed } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const V1BETA1 = "client.authentication.k8s.io/v1beta1";
const TOKEN = "k8s-aws-v1.CANARYtokenCANARYtoken";
const EXEC = {
  apiVersion: V1BETA1,
  command: "aws",
  args: ["eks", "get-token"],
  env: [{ name: "AWS_PROFILE", value: "dev" }],
};

interface Started {
  readonly program: Program;
  readonly env: RunOptions["env"];
}

/** Runs the probe on an exec block whose plugin ends like this. */
async function run(
  exec: object,
  result: Partial<RunResult> = {},
  {
    cluster,
    evidence,
    host,
  }: { cluster?: object; evidence?: Partial<DoctorEvidence>; host?: Partial<ProbeHost> } = {},
) {
  const started: Started[] = [];
  const secrets = newProbeSecrets();
  const text = kubeconfigOf({ user: { exec }, ...(cluster === undefined ? {} : { cluster }) });
  const machine = fakeProbeHost({
    env: { PATH: "/usr/bin", AWS_PROFILE: "other" },
    readText: filesNamed({ [KUBECONFIG]: text, [path.join(path.dirname(KUBECONFIG), "ca.pem")]: "ca" }),
    run: async (program, { env }) => {
      started.push({ program, env });
      return ended(result);
    },
    ...host,
  });
  const given = { evidence: evidenceWith(evidence), host: machine, secrets };
  const part = (await PROBES.pluginRun.ask(askingWith(given))) as PluginRun | undefined;
  return { part, secrets, started };
}

describe("the plugin probe", () => {
  it("runs the plugin as kubectl does, and keeps the token to itself", async () => {
    const status = { token: TOKEN, expirationTimestamp: "2026-01-15T12:14:00Z" };
    const stdout = JSON.stringify({ kind: "ExecCredential", apiVersion: V1BETA1, status });
    const { part, secrets, started } = await run(EXEC, { stdout, stderr: `note: ${TOKEN}\n` });
    assert.deepEqual(started, [
      {
        program: { plugin: "aws", args: ["eks", "get-token"] },
        env: {
          PATH: "/usr/bin",
          AWS_PROFILE: "dev",
          KUBERNETES_EXEC_INFO: `{"kind":"ExecCredential","apiVersion":"${V1BETA1}","spec":{"interactive":false}}`,
        },
      },
    ]);
    assert.deepEqual(part, {
      exitCode: 0,
      stderr: "note: k8s-aws-v1.***\n",
      seconds: 0.1,
      credential: { apiVersion: V1BETA1, hasToken: true, expirationTimestamp: "2026-01-15T12:14:00Z" },
    });
    assert.equal(secrets.token, TOKEN);
  });

  it("keeps the beginning of an answer that is none, without a token in it", async () => {
    const { part, secrets } = await run(EXEC, { stdout: `TOKEN\t${TOKEN}\n${"x".repeat(500)}` });
    assert.equal(part?.stdoutHead?.startsWith("TOKEN\tk8s-aws-v1.***\nxxx"), true);
    assert.equal(part?.stdoutHead?.length, 200);
    assert.equal(secrets.token, undefined);
  });

  it("tells a credential without a token", async () => {
    const { part } = await run(EXEC, { stdout: '{"kind":"ExecCredential","apiVersion":"x","status":{}}' });
    assert.deepEqual(part?.credential, { apiVersion: "x", hasToken: false });
  });

  it("keeps what a plugin says that fails", async () => {
    const { part } = await run(EXEC, { exitCode: 253, stderr: "Unable to locate credentials.\n" });
    assert.deepEqual(part, { exitCode: 253, stderr: "Unable to locate credentials.\n", seconds: 0.1 });
  });

  it("leaves out the debug lines of our own plugin", async () => {
    const stderr = "debug +0.100s Unauthorized\nerror: logged out\n";
    assert.equal((await run(EXEC, { exitCode: 2, stderr })).part?.stderr, "error: logged out\n");
  });

  const server = "https://127.0.0.1:6443";
  const told: Readonly<Record<string, readonly [entry: object, said: object]>> = {
    "its CA and proxy": [
      { server, "certificate-authority-data": "Q0E=", "proxy-url": "http://p:1" },
      { server, "certificate-authority-data": "Q0E=", "proxy-url": "http://p:1", config: null },
    ],
    "its CA, encoded as client-go does it": [
      { server, "certificate-authority-data": "Q0\n E=\n" },
      { server, "certificate-authority-data": "Q0E=", config: null },
    ],
    "the CA in a file": [
      { server, "certificate-authority": "ca.pem" },
      { server, "certificate-authority-data": "Y2E=", config: null },
    ],
    "that nobody checks its certificate, and under which name": [
      { server, "insecure-skip-tls-verify": true, "tls-server-name": "lab", "disable-compression": true },
      {
        server,
        "tls-server-name": "lab",
        "insecure-skip-tls-verify": true,
        "disable-compression": true,
        config: null,
      },
    ],
    "what its entry says to plugins": [
      {
        server,
        extensions: [
          { name: "x", extension: 1 },
          { name: "client.authentication.k8s.io/exec", extension: { a: 1 } },
        ],
      },
      { server, config: { a: 1 } },
    ],
  };
  for (const [what, [cluster, said]] of Object.entries(told)) {
    onPosix(
      "paths",
      `tells the plugin of the cluster, when it wants to know, as kubectl does: ${what}`,
      async () => {
        const { started } = await run({ ...EXEC, provideClusterInfo: true }, {}, { cluster });
        const text = started[0]?.env["KUBERNETES_EXEC_INFO"];
        assert.equal(
          text,
          JSON.stringify({
            kind: "ExecCredential",
            apiVersion: V1BETA1,
            spec: { cluster: said, interactive: false },
          }),
        );
      },
    );
  }

  it("gives what the launcher kept back to foreign programs, and not to us", async () => {
    const host = { dropped: { NODE_OPTIONS: "--max-old-space-size=64" } };
    const ours = { ...EXEC, command: "kubectl-vouch", args: ["credential", "eks", "--cluster-name", "lab"] };
    const given = async (exec: object) => (await run(exec, {}, { host })).started[0]?.env["NODE_OPTIONS"];
    assert.deepEqual([await given(EXEC), await given(ours)], ["--max-old-space-size=64", undefined]);
  });

  const refusals: readonly (readonly [name: string, exec: object, words: string])[] = [
    [
      "of an old version",
      { ...EXEC, apiVersion: "client.authentication.k8s.io/v1alpha1" },
      'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
    ],
    [
      "without a version",
      { ...EXEC, apiVersion: undefined },
      "apiVersion must be specified for ada to use exec authentication plugin",
    ],
    [
      "of v1 without a mode",
      { ...EXEC, apiVersion: "client.authentication.k8s.io/v1" },
      "interactiveMode must be specified for ada to use exec authentication plugin",
    ],
  ];
  for (const [name, exec, message] of refusals) {
    it(`does not start a plugin ${name}, since kubectl would not`, async () => {
      await assert.rejects(run(exec), { message });
    });
  }

  it("has nothing to say where there is no exec block", async () => {
    const readText = filesNamed({ [KUBECONFIG]: kubeconfigOf({ user: { token: TOKEN } }) });
    const part = PROBES.pluginRun.ask(askingWith({ host: fakeProbeHost({ readText }) }));
    assert.equal(await part, undefined);
  });
});

describe("the token probe", () => {
  it("tells what a token says, and not the token", async () => {
    const secrets = newProbeSecrets();
    const machine = fakeProbeHost();
    const request = {
      cluster: "lab",
      region: "eu-west-1",
      stsHost: "sts.eu-west-1.amazonaws.com",
      signedAt: machine.clock(),
    };
    secrets.token = signEksToken(request, { accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "CANARY" });
    const facts = (await PROBES.token.ask(askingWith({ host: machine, secrets }))) as unknown as TokenFacts;
    assert.deepEqual(facts, {
      bytes: secrets.token.length,
      host: "sts.eu-west-1.amazonaws.com",
      region: "eu-west-1",
      partition: "aws",
      accessKeyId: "AKIAEXAMPLEEXAMPLE12",
      temporary: false,
      signedHeaders: ["host", "x-k8s-aws-id"],
      signedAt: "2026-01-15T12:00:00.000Z",
      endsAt: "2026-01-15T12:15:00.000Z",
      problems: [],
    });
  });

  it("has nothing to say without a token", async () => {
    assert.equal(await PROBES.token.ask(askingWith()), undefined);
  });
});
