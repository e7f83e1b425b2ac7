import assert from "node:assert/strict";
import { networkTunnelName } from "../../../../doctor/rules/network/network-tunnel-name.ts";
import { ENDPOINT, healthyBundle } from "../../support/bundle.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { clusterEntry, HOST, networkFault } from "../../support/network-faults.ts";

const FAULT = networkFault("N9");

describe("network-tunnel-name", () => {
  it("says by which name the certificate is to be checked", () => {
    assert.deepEqual(verdicts(networkTunnelName, FAULT), [
      {
        cause: "N9",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [`kubectl config set-cluster lab --tls-server-name=${HOST.toLowerCase()}`],
      },
    ]);
  });

  it("reads the name from the certificate when DescribeCluster is denied", () => {
    assert.deepEqual(
      verdicts(networkTunnelName, { ...FAULT, cluster: { failed: "denied" } })?.[0]?.commands,
      [`kubectl config set-cluster lab --tls-server-name=${HOST}`],
    );
  });

  it("corrects a name that is wrong", () => {
    const bundle = {
      ...FAULT,
      ...clusterEntry((text) =>
        text.replace(
          `server: ${ENDPOINT}`,
          "server: https://localhost:8443\n    tls-server-name: kube.example.com",
        ),
      ),
    };
    assert.deepEqual(
      findingsOf(networkTunnelName, bundle)?.[0]?.evidence[1],
      "The cluster entry has tls-server-name kube.example.com.",
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "everything works through a tunnel": healthyBundle(
      clusterEntry((text) => text.replace(ENDPOINT, "https://localhost:8443")),
    ),
    "the endpoint itself is called": { ...FAULT, ...clusterEntry((text) => text) },
    "the authority is unknown (N6)": networkFault("N6"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkTunnelName, bundle), []);
    });
  }
});
