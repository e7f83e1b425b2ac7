import assert from "node:assert/strict";
import { endpointsOf, readCalledContext } from "../../../doctor/probes/called-context.ts";
import type { ProbeHost } from "../../../doctor/probes/probe-host.ts";
import { fakeProbeHost, filesNamed } from "../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../support/kubeconfig-of.ts";

const RECORDED = { awsCaBundle: "/etc/recorded.pem" };

/** Where AWS is asked for an exec block, and what the record was looked up by. */
async function endpoints(exec: object, env: ProbeHost["env"] = {}) {
  const asked: unknown[] = [];
  const recorded = (...by: readonly unknown[]) => {
    asked.push(by);
    return RECORDED;
  };
  const block = { apiVersion: "client.authentication.k8s.io/v1", ...exec };
  const fake = fakeProbeHost();
  const host = fakeProbeHost({
    env,
    readText: filesNamed({ [KUBECONFIG]: kubeconfigOf({ user: { exec: block } }) }),
    sources: { ...fake.sources, endpoints: recorded },
    vouch: { ...fake.vouch, endpoints: async (...by) => recorded(...by) },
  });
  const call = readCalledContext(evidenceWith(), host);
  return { found: await endpointsOf(call ?? assert.fail("no context"), host), asked };
}

const CREDENTIAL = ["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1"];

describe("endpointsOf", () => {
  it("takes what setup recorded for the very profile of a context of ours", async () => {
    const env = [{ name: "AWS_CONFIG_FILE", value: "/etc/aws" }];
    for (const [source, profile] of [
      [["--profile", "dev"], "dev"],
      [["--ambient"], undefined],
    ] as const)
      assert.deepEqual(await endpoints({ command: "kubectl-vouch", args: [...CREDENTIAL, ...source], env }), {
        found: RECORDED,
        asked: [[profile, { AWS_CONFIG_FILE: "/etc/aws" }]],
      });
  });

  it("takes what login recorded for the session of a Vouch context", async () => {
    const role = ["--role", "arn:aws:iam::111122223333:role/Dev"];
    const args = [...CREDENTIAL, ...role, "--server", "https://us.vouch.sh"];
    assert.deepEqual(await endpoints({ command: "kubectl-vouch", args }), {
      found: RECORDED,
      asked: [["https://us.vouch.sh", undefined]],
    });
  });

  it("takes the person's own environment for other tools, and nothing of the kubeconfig", async () => {
    const env = [{ name: "AWS_ENDPOINT_URL_STS", value: "https://sts.evil.example" }];
    const { found, asked } = await endpoints(
      { command: "aws", args: ["eks", "get-token"], env },
      { AWS_ENDPOINT_URL_STS: "https://sts.corp.example" },
    );
    assert.deepEqual([JSON.stringify(found).includes("https://sts.corp.example"), asked], [true, []]);
    assert.equal(JSON.stringify(found).includes("evil"), false);
  });
});
