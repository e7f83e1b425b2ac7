import assert from "node:assert/strict";
import { forbidden } from "../../support/mapping-faults.ts";
import {
  DEAD_PROXY_URL,
  DEAD_PROXY_WORDS,
  HOST,
  network,
  networkFault,
  noAnswer,
  throughProxyUrl,
} from "../../support/network-faults.ts";
import { findingsOf, testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N8");
const NOT_PROBED = { network: { failed: "not asked" } };

/** The same in a client's words for a plugin that failed. */
const WRAPPED = {
  question: {
    command: "kubectl get pods -n web",
    exitCode: 1,
    stderr: `Unable to connect to the server: getting credentials: exec: ${DEAD_PROXY_WORDS}\n`,
  },
};

testRule("network/network-proxy-refuses", "N8", {
  certain: {
    "keeps what NO_PROXY has": {
      on: { ...FAULT, environment: { HTTPS_PROXY: "http://proxy.example.com:3128", NO_PROXY: "10.0.0.0/8" } },
      commands: [
        "export NO_PROXY=10.0.0.0/8,0123456789abcdef0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com",
        "kubectl config set-cluster lab --proxy-url=http://PROXY_HOST:PORT",
      ],
    },
    "logs in to a proxy that asks for it": {
      on: {
        ...FAULT,
        ...network({
          proxy: {
            url: "http://proxy.example.com:3128",
            origin: "HTTPS_PROXY",
            answer: "HTTP/1.1 407 Proxy Authentication Required",
          },
        }),
      },
      commands: [
        `export NO_PROXY=${HOST.toLowerCase()}`,
        "kubectl config set-cluster lab --proxy-url=http://USER:PASSWORD@proxy.example.com:3128",
      ],
    },
  },
  likely: {
    "knows a proxy of the kubeconfig by our own words": {
      on: [throughProxyUrl(), throughProxyUrl(WRAPPED)],
      commands: "kubectl config unset clusters.lab.proxy-url",
      summary: `The proxy ${DEAD_PROXY_URL} (from proxy-url in the kubeconfig) does not respond: connection refused; calls cannot reach ${HOST.toLowerCase()}.`,
    },
    "knows a proxy by kubectl's bare words": ["Forbidden", "Proxy Authentication Required"].map((words) =>
      noAnswer(`Unable to connect to the server: ${words}\n`, {
        ...NOT_PROBED,
        environment: { failed: "not asked" },
      }),
    ),
  },
  passed: {
    "the API server forbids, naming a user": forbidden({}),
  },
});

describe("network-proxy-refuses", () => {
  it("shows the proxy without its password", () => {
    const text = JSON.stringify(findingsOf("network/network-proxy-refuses", FAULT));
    assert.ok(!text.includes("canary-password"), text);
    assert.ok(text.includes("http://***@proxy.example.com:3128"), text);
  });
});
