import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import type { Probe } from "../../../../doctor/probes/probe.ts";
import type { ProbeHost } from "../../../../doctor/probes/probe-host.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { onPosix } from "../../../support/platform.ts";
import { askingWith, fakeProbeHost, filesNamed } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const CANARY = "CANARY-secret-that-opens-nothing";
const ask = (
  probe: Pick<Probe, "ask">,
  host: Partial<ProbeHost>,
  evidence: DoctorEvidence = evidenceWith(),
) => probe.ask(askingWith({ evidence, host: fakeProbeHost(host) }));

describe("the kubeconfig probe", () => {
  onPosix(
    "paths",
    "reads every file of KUBECONFIG, and says what is not there or cannot be read",
    async () => {
      const readText = (file: string) => {
        if (file === "/locked")
          throw new VouchError("file-unreadable", "/locked cannot be read: permission denied.");
        return file === "/a" ? "kind: Config\n" : undefined;
      };
      const env = { KUBECONFIG: "/a:/locked::/missing" };
      assert.deepEqual(await ask(PROBES.kubeconfig, { env, readText }), {
        files: [
          { path: "/a", text: "kind: Config\n" },
          { path: "/locked", failed: "/locked cannot be read: permission denied." },
          { path: "/missing", failed: "no such file" },
        ],
      });
    },
  );

  onPosix("paths", "reads the one file that the flag names, and kubectl's preferences", async () => {
    const readText = filesNamed({ "/b": "kind: Config\n", "/home/ada/.kube/kuberc": "kind: Preference\n" });
    const host = { env: { KUBECONFIG: "/a" }, kubeconfig: "/b", readText };
    assert.deepEqual(await ask(PROBES.kubeconfig, host), {
      files: [{ path: "/b", text: "kind: Config\n" }],
      kuberc: { path: "/home/ada/.kube/kuberc", text: "kind: Preference\n" },
    });
  });

  onPosix("paths", "leaves kubectl's preferences alone where they are switched off", async () => {
    const readText = filesNamed({ "/home/ada/.kube/kuberc": "kind: Preference\n" });
    for (const env of [{ KUBERC: "off" }, { KUBECTL_KUBERC: "false" }]) {
      const files = [{ path: KUBECONFIG, failed: "no such file" }];
      assert.deepEqual(await ask(PROBES.kubeconfig, { env, readText }), { files });
    }
  });

  it("shows no secret", async () => {
    const readText = filesNamed({ [KUBECONFIG]: kubeconfigOf({ user: { token: CANARY } }) });
    assert.equal(JSON.stringify(await ask(PROBES.kubeconfig, { readText })).includes(CANARY), false);
  });
});

describe("the environment probe", () => {
  it("keeps what changes what programs do, without secrets, and nothing else", async () => {
    const env = {
      PATH: "/bin",
      AWS_PROFILE: "dev",
      AWS_SECRET_ACCESS_KEY: CANARY,
      https_proxy: `http://ada:${CANARY}@proxy:3128`,
      DATABASE_URL: `postgres://${CANARY}`,
      UNSET: undefined,
    };
    assert.deepEqual(await ask(PROBES.environment, { env }), {
      PATH: "/bin",
      AWS_PROFILE: "dev",
      AWS_SECRET_ACCESS_KEY: "***",
      https_proxy: "http://***@proxy:3128",
    });
  });

  it("tells what the launcher kept back, which other programs get", async () => {
    const dropped = { NODE_OPTIONS: "--require x" };
    assert.deepEqual(await ask(PROBES.environment, { env: { PATH: "/bin" }, dropped }), {
      PATH: "/bin",
      NODE_OPTIONS: "--require x",
    });
  });
});

describe("the AWS config probe", () => {
  onPosix("paths", "reads the file that the plugin's own variables name", async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      env: [
        { name: "AWS_CONFIG_FILE", value: "/work/aws" },
        { name: "AWS_SHARED_CREDENTIALS_FILE", value: "~/keys" },
      ],
    };
    const readText = filesNamed({
      [KUBECONFIG]: kubeconfigOf({ user: { exec } }),
      "/work/aws": "[profile dev]\nregion = eu-west-1\n",
      "/home/ada/keys": `[dev]\naws_secret_access_key = ${CANARY}\n`,
    });
    const env = { AWS_CONFIG_FILE: "/elsewhere" };
    assert.deepEqual(await ask(PROBES.awsConfig, { env, readText }), {
      path: "/work/aws",
      text: "[profile dev]\nregion = eu-west-1\n",
    });
    assert.deepEqual(await ask(PROBES.awsCredentials, { env, readText }), {
      path: "/home/ada/keys",
      text: "[dev]\naws_secret_access_key = ***\n",
    });
  });

  onPosix("paths", "takes a file that is not there for an empty one", async () => {
    assert.deepEqual(await ask(PROBES.awsConfig, { readText: filesNamed({}) }), {
      path: "/home/ada/.aws/config",
      text: "",
    });
  });
});
