import { HOST, network, networkFault, noAnswer } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N12");
const PROXY = { environment: { HTTPS_PROXY: "http://127.0.0.1:9443" }, network: { failed: "not asked" } };

testRule("network/network-tunnel-is-no-proxy", "N12", {
  likely: {
    "names a tunnel that is set as proxy, never more than likely": {
      on: FAULT,
      commands: [
        "unset HTTPS_PROXY https_proxy",
        `kubectl config set-cluster lab --server=https://localhost:8443 --tls-server-name=${HOST.toLowerCase()}`,
      ],
    },
    "knows it by the client's words": [
      "x509: certificate is valid for localhost, not example.com",
      "proxyconnect tcp: EOF",
      "Bad Request",
      "net/http: HTTP/1.x transport connection broken: malformed HTTP response",
    ].map((words) => noAnswer(`Unable to connect to the server: ${words}`, PROXY)),
    "knows it by the doctor's own words": noAnswer("", {
      question: {},
      ...network({
        proxy: { url: "http://127.0.0.1:9443", origin: "HTTPS_PROXY", answer: "socket hang up" },
      }),
      apiServer: {
        failed: "The proxy http://127.0.0.1:9443 of HTTPS_PROXY does not answer: it closed the connection",
      },
    }),
    "knows it by what the probe heard": [
      "socket hang up",
      "Parse Error: Expected HTTP/",
      "HTTP/1.1 400 Bad Request",
    ].map((answer) =>
      noAnswer(
        "Unable to connect to the server: EOF",
        network({ proxy: { url: "http://127.0.0.1:9443", origin: "HTTPS_PROXY", answer } }),
      ),
    ),
  },
  passed: {
    "what listens here swallows CONNECT: it may as well be a proxy (N8)": noAnswer(
      "Unable to connect to the server: context deadline exceeded",
      network({
        proxy: {
          url: "http://127.0.0.1:9443",
          origin: "HTTPS_PROXY",
          answer: "no answer to CONNECT within 5 s",
        },
      }),
    ),
  },
  notApplicable: {
    "the server is the tunnel, and there is no proxy (N9)": networkFault("N9"),
  },
});
