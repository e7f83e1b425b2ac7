import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { type Connection, connectionOf } from "../../../../doctor/derive/network/connection.ts";
import { ENDPOINT, healthyBundle, unauthorized } from "../../support/bundle.ts";
import { HOST, ioTimeout, network, noAnswer, noSuchHost } from "../../support/network-faults.ts";

const NOT_PROBED = { network: { failed: "not asked" } };
const said = (words: string) => deriveFacts(noAnswer(words, NOT_PROBED)).connection;

function faults(connection: Connection | undefined): string[] {
  const {
    addresses: _,
    issuer: __,
    proxy: ___,
    ...rest
  } = connection ?? { addresses: [], issuer: "", proxy: undefined };
  return Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** Words of kubectl 1.36 (plugin/KUBECTL.md, "Words of kubectl"), of Node, of Python. */
const WORDS = {
  [noSuchHost(HOST)]: ["unknownName"],
  [`Error: getaddrinfo ENOTFOUND ${HOST}`]: ["unknownName"],
  [ioTimeout("10.0.0.1")]: ["timeout"],
  "Unable to connect to the server: dial tcp 10.0.0.1:443: connect: no route to host": ["timeout"],
  "Unable to connect to the server: net/http: TLS handshake timeout": ["timeout"],
  [`The connection to the server ${HOST} was refused - did you specify the right host or port?`]: ["refused"],
  "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority":
    ["untrusted"],
  "urllib3.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed": ["untrusted"],
  "Unable to connect to the server: x509: certificate is valid for kubernetes, not localhost": ["wrongName"],
  "Unable to connect to the server: x509: certificate is not valid for any names, but wanted to match localhost":
    ["wrongName"],
  "Unable to connect to the server: tls: first record does not look like a TLS handshake": ["noTls"],
  "error: read tcp 127.0.0.1:50852->127.0.0.1:18801: read: connection reset by peer": ["noTls"],
  "ECONNRESET: Client network socket disconnected before secure TLS connection was established": ["noTls"],
  "Unable to connect to the server: proxyconnect tcp: dial tcp 10.9.9.9:3128: i/o timeout": ["proxyFault"],
  "Unable to connect to the server: proxyconnect tcp: dial tcp: lookup proxy.example.com: no such host": [
    "proxyFault",
  ],
  "Unable to connect to the server: Forbidden": ["proxyFault"],
  "Unable to connect to the server: Proxy Authentication Required": ["proxyFault"],
  "Unable to connect to the server: dial tcp: lookup x: Temporary failure in name resolution": [],
};

describe("connectionOf", () => {
  it("sees that what accepts the connection never answers the handshake", () => {
    const silent = network({ tcp: "open", tls: { ok: false, error: "TLS handshake timeout" } });
    assert.deepEqual(faults(deriveFacts(noAnswer("", { question: {}, ...silent })).connection), ["noTls"]);
  });

  for (const [words, expected] of Object.entries(WORDS)) {
    it(`sees ${expected.join() || "nothing"} in “${words.trim()}”`, () => {
      assert.deepEqual(faults(said(words)), expected);
    });
  }

  it("reads names and addresses in the words", () => {
    assert.deepEqual(
      said("Unable to connect to the server: x509: certificate is valid for a, b, not c")?.wrongName
        ?.validFor,
      ["a", "b"],
    );
    assert.deepEqual(said(ioTimeout("10.0.0.1"))?.addresses, ["10.0.0.1"]);
    assert.deepEqual(said("dial tcp [2600:1f13::1]:443: i/o timeout")?.addresses, ["2600:1f13::1"]);
  });

  it("does not mix in another host's troubles", () => {
    assert.deepEqual(
      faults(
        said(
          'Error: Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host',
        ),
      ),
      [],
    );
    assert.deepEqual(
      faults(said(`Get "${ENDPOINT}/api?timeout=32s": dial tcp: lookup ${HOST}: no such host`)),
      ["unknownName"],
    );
  });

  it("hears the probe where nobody said anything", () => {
    const probe = (changes: Parameters<typeof network>[0]) => {
      const { question: _, ...bundle } = noAnswer("", network(changes));
      return faults(deriveFacts(bundle).connection);
    };
    assert.deepEqual(probe({ dnsError: "getaddrinfo ENOTFOUND" }), ["unknownName"]);
    assert.deepEqual(probe({ dnsError: "getaddrinfo EAI_AGAIN" }), ["silentResolver"]);
    assert.deepEqual(probe({ tcp: "timeout" }), ["timeout"]);
    assert.deepEqual(probe({ tcp: "refused" }), ["refused"]);
    assert.deepEqual(
      probe({ tcp: "open", tls: { ok: false, error: "unable to verify the first certificate" } }),
      ["untrusted"],
    );
    assert.deepEqual(
      probe({
        proxy: { url: "http://p:1", origin: "HTTPS_PROXY", answer: "HTTP/1.1 200 Connection established" },
      }),
      [],
    );
    assert.deepEqual(
      probe({
        proxy: {
          url: "http://p:1",
          origin: "HTTPS_PROXY",
          answer: "HTTP/1.1 407 Proxy Authentication Required",
        },
      }),
      ["proxyFault"],
    );
  });

  it("knows a CA of the same name and another key, as each EKS cluster has one", () => {
    const { question: _, ...bundle } = noAnswer(
      "",
      network({ tcp: "open", tls: { ok: false, error: "CERT_SIGNATURE_FAILURE" } }),
    );
    assert.deepEqual(faults(deriveFacts(bundle).connection), ["untrusted"]);
  });

  it("does not call silent what the probe found open", () => {
    assert.deepEqual(
      faults(deriveFacts(noAnswer(ioTimeout("10.0.0.1"), network({ tcp: "open" }))).connection),
      [],
    );
  });

  it("has no fault where the API server answers", () => {
    assert.deepEqual(faults(deriveFacts(unauthorized(network({ tcp: "timeout" }))).connection), []);
  });

  it("is undefined when nobody tried", () => {
    assert.equal(
      connectionOf({ evidence: healthyBundle(NOT_PROBED), symptom: undefined, context: undefined }),
      undefined,
    );
  });

  it("names the proxy in force without its password", () => {
    const proxyOf = (environment: Record<string, string>) =>
      deriveFacts(noAnswer(ioTimeout("10.0.0.1"), { ...NOT_PROBED, environment })).connection?.proxy;
    assert.deepEqual(proxyOf({ HTTPS_PROXY: "http://ada:canary-password@proxy.example.com:3128" }), {
      url: "http://***@proxy.example.com:3128",
      origin: "HTTPS_PROXY",
    });
    assert.deepEqual(proxyOf({ https_proxy: "proxy:3128" }), { url: "proxy:3128", origin: "https_proxy" });
    for (const exempt of [
      "*",
      ".amazonaws.com",
      "amazonaws.com",
      HOST.toLowerCase(),
      "10.0.0.0/8, eks.amazonaws.com:443",
    ]) {
      assert.equal(proxyOf({ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: exempt }), undefined, exempt);
    }
    assert.notEqual(
      proxyOf({ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "10.0.0.0/8,zonaws.com" }),
      undefined,
    );
  });
});
