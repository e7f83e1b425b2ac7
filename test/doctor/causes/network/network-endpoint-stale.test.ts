import {
  ACCOUNT,
  ENDPOINT,
  healthyVouchBundle,
  kubeconfigText,
  unauthorized,
  VOUCH_EXEC,
} from "../../support/bundle.ts";
import {
  cluster,
  clusterEntry,
  HOST,
  network,
  networkFault,
  noAnswer,
  noSuchHost,
  OLD_HOST,
} from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const NOT_FOUND = { failed: "ResourceNotFoundException: No cluster found for name: lab." };
const OLD_ENTRY = clusterEntry((text) => text.replace(ENDPOINT, `https://${OLD_HOST}`));
const ARN = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`;

testRule("network/network-endpoint-stale", "N1", {
  certain: {
    "names a cluster that was recreated, and rewrites the context": {
      on: networkFault("N1"),
      summary: `The kubeconfig points to https://${OLD_HOST}, which is not the endpoint of cluster lab.`,
      evidence: [
        /no such host/,
        `clusters[].cluster.server is https://${OLD_HOST}.`,
        /^DescribeCluster reports endpoint /,
        "The cluster was recreated under the same name, or the kubeconfig entry was edited.",
      ],
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
    "rewrites a context of ours with our own tool": {
      on: {
        ...healthyVouchBundle(),
        ...noAnswer(noSuchHost(OLD_HOST), {
          kubeconfig: {
            files: [
              { path: "/k", text: kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, `https://${OLD_HOST}`) },
            ],
          },
          ...network({ dnsError: "ENOTFOUND" }),
        }),
      },
      commands: `kubectl vouch setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::${ACCOUNT}:role/Dev --server https://us.vouch.sh --context-name lab`,
    },
    "the deletion when AWS was asked in the account of the cluster's ARN": noAnswer(noSuchHost(HOST), {
      ...clusterEntry((text) =>
        text
          .replaceAll("cluster: lab", `cluster: ${ARN}`)
          .replace("name: lab\n  cluster:", `name: ${ARN}\n  cluster:`),
      ),
      cluster: NOT_FOUND,
      clusters: { clusters: [] },
      ...network({ dnsError: "ENOTFOUND" }),
    }),
  },
  likely: {
    "names a cluster that was deleted, and clears it away": {
      on: noAnswer(noSuchHost(HOST), {
        cluster: NOT_FOUND,
        clusters: { clusters: [] },
        ...network({ dnsError: "ENOTFOUND" }),
      }),
      description:
        "If the cluster was recreated (or is in a different account or region), recreate the context. EKS does not list cluster lab in eu-west-1, or any other cluster.",
      commands: ["kubectl config delete-context lab", "kubectl config delete-cluster lab"],
    },
    "another program answers where the cluster was": [
      "TLS handshake timeout",
      "ECONNRESET Client network socket disconnected before secure TLS connection was established",
      "ERR_SSL_WRONG_VERSION_NUMBER wrong version number",
    ].map((error) =>
      noAnswer("", { question: {}, ...OLD_ENTRY, ...network({ tcp: "open", tls: { ok: false, error } }) }),
    ),
    "the list of clusters does not have it": noAnswer(noSuchHost(HOST), {
      cluster: { failed: "AccessDeniedException" },
      clusters: { clusters: ["prod"] },
    }),
  },
  possible: {
    "the part of the list that is known does not have it": {
      on: noAnswer(noSuchHost(HOST), {
        cluster: { failed: "AccessDeniedException" },
        clusters: { clusters: ["prod"] },
        excerpts: ["clusters"],
      }),
      inferred: true,
    },
    "only the name is known to be unknown": {
      on: noAnswer(noSuchHost(HOST), { cluster: { failed: "AccessDeniedException" } }),
      inferred: true,
    },
  },
  passed: {
    "the endpoint is today's, and only DNS fails (N5)": networkFault("N5"),
  },
  notApplicable: {
    "the old address answers 401: it is another living cluster's (K10)": unauthorized(OLD_ENTRY),
    "the arguments name another cluster than DescribeCluster": noAnswer(noSuchHost(OLD_HOST), {
      ...OLD_ENTRY,
      ...cluster({ name: "prod" }),
    }),
    "the kubeconfig calls a tunnel": noAnswer(
      "Unable to connect to the server: EOF",
      clusterEntry((text) => text.replace(ENDPOINT, "https://localhost:8443")),
    ),
  },
  unknown: {
    "a chart repository has no name": {
      on: noAnswer(
        'Error: Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host',
        { cluster: { failed: "denied" } },
      ),
      missing: "cluster",
    },
    "no name resolves on this machine": {
      on: noAnswer(noSuchHost(HOST), {
        callerIdentity: {
          failed: 'Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"',
        },
        cluster: { failed: "getaddrinfo EAI_AGAIN eks.eu-west-1.amazonaws.com" },
      }),
      missing: "cluster",
    },
  },
});
