import assert from "node:assert/strict";
import { groupByCluster } from "../../../../doctor/derive/target/group-by-cluster.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";

const HOST = `https://${"0".repeat(32)}.gr7.eu-west-1.eks.amazonaws.com`;
const OTHER_HOST = HOST.replaceAll("0", "1");
const TUNNEL = "https://localhost:8443";

interface Given {
  readonly cluster?: string;
  readonly server?: string;
  /** The account of the cluster, as DescribeCluster shows it. */
  readonly described?: string;
  readonly caller?: string;
}

/** A case whose exec block names the cluster. */
function caseOf({ cluster = "lab", server, described, caller }: Given) {
  const args = ["eks", "get-token", "--cluster-name", cluster, "--region", "eu-west-1"];
  const kubeconfig = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: server === undefined ? {} : { server } }],
    users: [{ name: "u", user: { exec: { command: "aws", args } } }],
  };
  const evidence: DoctorEvidence = {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorEvidence",
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: JSON.stringify(kubeconfig) }] },
    ...(caller && {
      callerIdentity: { Account: caller, Arn: `arn:aws:iam::${caller}:user/ada`, UserId: "AIDA" },
    }),
    ...(described && {
      cluster: {
        cluster: {
          name: cluster,
          arn: `arn:aws:eks:eu-west-1:${described}:cluster/${cluster}`,
          endpoint: HOST,
        },
      },
    }),
  };
  return { evidence };
}

const ONE = "111122223333";
const TWO = "444455556666";

function groups(...given: readonly Given[]): number[][] {
  const cases = given.map(caseOf);
  return groupByCluster(cases).map((group) => group.map((one) => cases.indexOf(one)));
}

describe("cases of the same cluster", () => {
  for (const [what, given, expected] of [
    [
      "clusters behind the same tunnel",
      [{ server: TUNNEL }, { server: TUNNEL, cluster: "prod" }],
      [[0], [1]],
    ],
    ["clusters of one name in two accounts", [{ described: ONE }, { described: TWO }], [[0], [1]]],
    [
      "a tunnel and the endpoint",
      [
        { server: TUNNEL, described: ONE },
        { server: HOST, described: ONE },
      ],
      [[0, 1]],
    ],
    ["who may not describe it", [{ server: HOST }, { server: HOST, described: ONE }], [[0, 1]]],
    [
      "who may not describe it, through a tunnel",
      [{ server: TUNNEL, caller: ONE }, { described: ONE }],
      [[0, 1]],
    ],
    ["the same, of a different account", [{ server: TUNNEL, caller: TWO }, { described: ONE }], [[0], [1]]],
    [
      "a name that two accounts have",
      [{ server: TUNNEL }, { described: ONE }, { described: TWO }],
      [[0], [1], [2]],
    ],
    ["two endpoints", [{ server: HOST }, { server: OTHER_HOST }], [[0], [1]]],
    ["names alone", [{ caller: ONE }, { caller: ONE }, { caller: TWO }], [[0, 1], [2]]],
  ] as const)
    it(`are told apart, or put together: ${what}`, () => {
      assert.deepEqual(groups(...given), expected);
    });
});
