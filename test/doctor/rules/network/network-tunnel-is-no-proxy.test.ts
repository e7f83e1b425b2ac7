import assert from "node:assert/strict";
import { networkTunnelIsNoProxy } from "../../../../doctor/rules/network/network-tunnel-is-no-proxy.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { HOST, network, networkFault, noAnswer } from "../../support/network-faults.ts";

const FAULT = networkFault("N12");
const PROXY = { environment: { HTTPS_PROXY: "http://127.0.0.1:9443" }, network: { failed: "not asked" } };

describe("network-tunnel-is-no-proxy", () => {
  it("names a tunnel that is set as proxy, never more than likely", () => {
    assert.deepEqual(verdicts(networkTunnelIsNoProxy, FAULT), [
      {
        cause: "N12",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "unset HTTPS_PROXY https_proxy",
          `kubectl config set-cluster lab --server=https://localhost:8443 --tls-server-name=${HOST.toLowerCase()}`,
        ],
      },
    ]);
  });

  for (const words of [
    "x509: certificate is valid for localhost, not example.com",
    "proxyconnect tcp: EOF",
    "Bad Request",
    "net/http: HTTP/1.x transport connection broken: malformed HTTP response",
  ]) {
    it(`knows it by "${words}"`, () => {
      assert.deepEqual(
        confidences(networkTunnelIsNoProxy, noAnswer(`Unable to connect to the server: ${words}`, PROXY)),
        ["N12 likely"],
      );
    });
  }

  for (const answer of ["socket hang up", "Parse Error: Expected HTTP/", "HTTP/1.1 400 Bad Request"]) {
    it(`knows it by the probe's "${answer}"`, () => {
      const proxy = { url: "http://127.0.0.1:9443", origin: "HTTPS_PROXY", answer };
      const bundle = noAnswer("Unable to connect to the server: EOF", network({ proxy }));
      assert.deepEqual(confidences(networkTunnelIsNoProxy, bundle), ["N12 likely"]);
    });
  }

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "everything works through a proxy here": healthyBundle(PROXY),
    "a real proxy refuses (N8)": networkFault("N8"),
    "nothing listens where the proxy should be": noAnswer(
      "Unable to connect to the server: proxyconnect tcp: dial tcp 127.0.0.1:9443: connect: connection refused",
      PROXY,
    ),
    "the server is the tunnel, and there is no proxy (N9)": networkFault("N9"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkTunnelIsNoProxy, bundle), []);
    });
  }
});
