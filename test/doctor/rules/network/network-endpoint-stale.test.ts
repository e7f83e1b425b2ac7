import assert from "node:assert/strict";
import { networkEndpointStale } from "../../../../doctor/rules/network/network-endpoint-stale.ts";
import {
  ACCOUNT,
  ENDPOINT,
  healthyBundle,
  healthyVouchBundle,
  kubeconfigText,
  VOUCH_EXEC,
} from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
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

const NOT_FOUND = { failed: "ResourceNotFoundException: No cluster found for name: lab." };
const OLD_ENTRY = clusterEntry((text) => text.replace(ENDPOINT, `https://${OLD_HOST}`));

describe("network-endpoint-stale", () => {
  it("names a cluster that was recreated, and rewrites the context", () => {
    const bundle = networkFault("N1");
    assert.deepEqual(verdicts(networkEndpointStale, bundle), [
      {
        cause: "N1",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ],
      },
    ]);
    assert.equal(
      findingsOf(networkEndpointStale, bundle)?.[0]?.summary,
      `The kubeconfig calls https://${OLD_HOST}, but cluster lab is at ${ENDPOINT}: it was recreated under the same name.`,
    );
  });

  it("rewrites a context of ours with our own tool", () => {
    const text = kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, `https://${OLD_HOST}`);
    const bundle = {
      ...healthyVouchBundle(),
      ...noAnswer(noSuchHost(OLD_HOST), {
        kubeconfig: { files: [{ path: "/k", text }] },
        ...network({ dnsError: "ENOTFOUND" }),
      }),
    };
    assert.deepEqual(verdicts(networkEndpointStale, bundle)?.[0]?.commands, [
      `kubectl vouch setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::${ACCOUNT}:role/Dev --server https://us.vouch.sh`,
    ]);
  });

  it("names a cluster that was deleted, and clears it away", () => {
    const bundle = noAnswer(noSuchHost(HOST), {
      cluster: NOT_FOUND,
      clusters: { clusters: [] },
      ...network({ dnsError: "ENOTFOUND" }),
    });
    assert.deepEqual(verdicts(networkEndpointStale, bundle), [
      {
        cause: "N1",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
          "kubectl config delete-context lab",
          "kubectl config delete-cluster lab",
        ],
      },
    ]);
  });

  it("is certain of the deletion when AWS was asked in the account of the cluster's ARN", () => {
    const arn = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`;
    const named = clusterEntry((text) =>
      text
        .replaceAll("cluster: lab", `cluster: ${arn}`)
        .replace("name: lab\n  cluster:", `name: ${arn}\n  cluster:`),
    );
    const bundle = noAnswer(noSuchHost(HOST), {
      ...named,
      cluster: NOT_FOUND,
      clusters: { clusters: [] },
      ...network({ dnsError: "ENOTFOUND" }),
    });
    assert.deepEqual(confidences(networkEndpointStale, bundle), ["N1 certain"]);
  });

  it("says possible when only the name is known to be unknown", () => {
    const bundle = noAnswer(noSuchHost(HOST), { cluster: { failed: "AccessDeniedException" } });
    assert.deepEqual(
      findingsOf(networkEndpointStale, bundle)?.map(({ confidence, inferred }) => [confidence, inferred]),
      [["possible", true]],
    );
  });

  it("says likely when the list of clusters does not have it", () => {
    const bundle = noAnswer(noSuchHost(HOST), {
      cluster: { failed: "AccessDeniedException" },
      clusters: { clusters: ["prod"] },
    });
    assert.deepEqual(confidences(networkEndpointStale, bundle), ["N1 likely"]);
  });

  const silent = {
    "everything works": healthyBundle(),
    "the endpoint is today's, and only DNS fails (N5)": networkFault("N5"),
    "the old address answers 401: it is another living cluster's (K10)": unauthorized(OLD_ENTRY),
    "the arguments name another cluster than DescribeCluster": noAnswer(noSuchHost(OLD_HOST), {
      ...OLD_ENTRY,
      ...cluster({ name: "prod" }),
    }),
    "the kubeconfig calls a tunnel": noAnswer(
      "Unable to connect to the server: EOF",
      clusterEntry((text) => text.replace(ENDPOINT, "https://localhost:8443")),
    ),
    "a chart repository has no name": noAnswer(
      'Error: Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host',
      { cluster: { failed: "denied" } },
    ),
    "no name resolves on this machine": noAnswer(noSuchHost(HOST), {
      callerIdentity: {
        failed: 'Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"',
      },
      cluster: { failed: "getaddrinfo EAI_AGAIN eks.eu-west-1.amazonaws.com" },
    }),
  };
  for (const [when, bundle] of Object.entries(silent)) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkEndpointStale, bundle), []);
    });
  }
});
