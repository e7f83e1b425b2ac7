import assert from "node:assert/strict";
import { networkProxyRefuses } from "../../../../doctor/rules/network/network-proxy-refuses.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { forbidden } from "../../support/mapping-faults.ts";
import { clusterEntry, HOST, networkFault, noAnswer } from "../../support/network-faults.ts";

const FAULT = networkFault("N8");
const NOT_PROBED = { network: { failed: "not asked" } };

describe("network-proxy-refuses", () => {
  it("names the proxy without its password, and the host to leave out", () => {
    assert.deepEqual(verdicts(networkProxyRefuses, FAULT), [
      {
        cause: "N8",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [
          `export NO_PROXY=${HOST.toLowerCase()}`,
          "kubectl config set-cluster lab --proxy-url=http://PROXY_HOST:PORT",
        ],
      },
    ]);
    const text = JSON.stringify(findingsOf(networkProxyRefuses, FAULT));
    assert.ok(!text.includes("canary-password"), text);
    assert.ok(text.includes("http://***@proxy.example.com:3128"), text);
  });

  it("keeps what NO_PROXY has", () => {
    const bundle = {
      ...FAULT,
      environment: { HTTPS_PROXY: "http://proxy.example.com:3128", NO_PROXY: "10.0.0.0/8" },
    };
    assert.equal(
      verdicts(networkProxyRefuses, bundle)?.[0]?.commands[0],
      `export NO_PROXY=10.0.0.0/8,${HOST.toLowerCase()}`,
    );
  });

  it("removes a proxy from the kubeconfig that is not there", () => {
    const bundle = noAnswer(
      "Unable to connect to the server: proxyconnect tcp: dial tcp 127.0.0.1:8888: connect: connection refused",
      {
        ...clusterEntry((text) =>
          text.replace(
            "    certificate-authority-data",
            "    proxy-url: http://127.0.0.1:8888\n    certificate-authority-data",
          ),
        ),
        ...NOT_PROBED,
      },
    );
    assert.deepEqual(verdicts(networkProxyRefuses, bundle), [
      {
        cause: "N8",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: ["kubectl config unset clusters.lab.proxy-url"],
      },
    ]);
  });

  for (const words of ["Forbidden", "Proxy Authentication Required"]) {
    it(`knows a proxy by kubectl's bare "${words}"`, () => {
      const bundle = noAnswer(`Unable to connect to the server: ${words}\n`, {
        ...NOT_PROBED,
        environment: { failed: "not asked" },
      });
      assert.deepEqual(confidences(networkProxyRefuses, bundle), ["N8 likely"]);
    });
  }

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "everything works through a proxy": healthyBundle({
      environment: { HTTPS_PROXY: "http://proxy.example.com:3128" },
    }),
    "the API server forbids, naming a user": forbidden({}),
    "the proxy is a plain tunnel (N12)": networkFault("N12"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkProxyRefuses, bundle), []);
    });
  }
});
