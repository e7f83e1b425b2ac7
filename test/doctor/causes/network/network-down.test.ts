import { healthyBundle, healthyVouchBundle, pluginFailed } from "../../support/bundle.ts";
import { network, networkFault, noAnswer, unreachedAws } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N13");
const ADDRESSES = ["203.0.113.10"];
const LOOK = "curl -sSv https://sts.amazonaws.com/";

/** The plugin itself got no answer. Words measured: of the AWS CLI 2.36, and of ours. */
const noToken = (words: string, ours = false) =>
  pluginFailed(words, {
    profile: ours,
    changes: {
      ...unreachedAws(words),
      ...network({ addresses: ADDRESSES, tcp: "unreachable" }),
    },
  });

testRule("network/network-down", "N13", {
  likely: {
    "says whom it asked, and sends nobody to an administrator": {
      on: FAULT,
      summary:
        "This machine can reach neither AWS nor the API server: the problem is its own network, VPN or proxy.",
      evidence: [
        "A call to AWS failed: “connect ENETUNREACH 203.0.113.5:443 - Local (0.0.0.0:0)”",
        "The client reports “dial tcp 203.0.113.10:443: connect: network is unreachable”.",
      ],
      audience: "you",
      commands: LOOK,
    },
    "the plugin did not return a token for it": {
      on: [
        noToken('Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"'),
        noToken(
          "error: sts.eu-west-1.amazonaws.com cannot be reached from this network. [aws-unreachable]",
          true,
        ),
      ],
      commands: LOOK,
    },
    "no resolver answers": noAnswer(
      "Unable to connect to the server: dial tcp: lookup x on 10.0.0.2:53: server misbehaving\n",
      {
        ...unreachedAws("getaddrinfo EAI_AGAIN sts.eu-west-1.amazonaws.com"),
        ...network({ dnsError: "EAI_AGAIN getaddrinfo EAI_AGAIN" }),
      },
    ),
    "connections are open, and then silent": noAnswer("", {
      question: { command: "kubectl get pods -n web" },
      ...unreachedAws("TimeoutError: eks.eu-west-1.amazonaws.com did not accept a connection within 3 s."),
      ...network({ addresses: ADDRESSES, tcp: "open", tls: { ok: false, error: "TLS handshake timeout" } }),
    }),
  },
  unknown: {
    "nobody tried the way to the API server": {
      on: {
        ...noToken("Connect timeout on endpoint URL: https://sts.eu-west-1.amazonaws.com/"),
        network: { failed: "not asked" },
      },
      missing: "network",
    },
    "AWS was not asked": {
      on: { ...FAULT, ...unreachedAws("the plugin did not return a token") },
      missing: "callerIdentity",
    },
  },
  passed: {
    "only the API server is silent": networkFault("N3"),
    "AWS refuses, and so answers": {
      ...FAULT,
      clusters: { failed: "AccessDeniedException: not authorized to perform: eks:ListClusters" },
    },
    "only AWS is silent": {
      ...noToken("sts.eu-west-1.amazonaws.com cannot be reached: connection refused."),
      ...network({ addresses: ADDRESSES, tcp: "open", tls: { ok: true } }),
    },
  },
  notApplicable: {
    "it works": [healthyBundle(), healthyVouchBundle()],
    "a proxy answers that it lets nobody through": networkFault("N8"),
  },
});
