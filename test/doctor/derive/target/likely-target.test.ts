import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { likelyTarget, targetCluster } from "../../../../doctor/derive/target/target-cluster.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, ENDPOINT, healthyBundle } from "../../support/bundle.ts";

const ARN = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`;
const EMPTY = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" } as const;

/** A kubeconfig with one context, whose cluster entry has this name and these fields. */
function context(
  name: string,
  { cluster = "", exec = "" }: { readonly cluster?: string; readonly exec?: string } = {},
): Pick<DoctorEvidence, "kubeconfig"> {
  const text = `current-context: it
clusters: [{name: "${name}", cluster: {server: "https://10.0.0.1"${cluster}}}]
contexts: [{name: it, context: {cluster: "${name}", user: it}}]
users: [{name: it, user: {exec: {command: aws${exec}}}}]
`;
  return { kubeconfig: { files: [{ path: "/home/ada/.kube/config", text }] } };
}

/** `{name: vouch.kubectl/owner, …}`, as setup writes it into the cluster's entry. */
const OWNED = `, extensions: [{name: vouch.kubectl/owner, extension: {cluster: "${ARN}", tool: kubectl-vouch}}]`;

const of = (changes: Partial<DoctorEvidence>) => {
  const { name, region } = likelyTarget(deriveFacts({ ...EMPTY, ...changes }));
  return [name, region];
};

describe("targetCluster, by what the tool that wrote the entry put into it", () => {
  const target = (changes: Partial<DoctorEvidence>) => targetCluster(deriveFacts({ ...EMPTY, ...changes }));

  it("is the cluster of our own extension", () => {
    const { name, region, account, partition } = target(context("prod", { cluster: OWNED }));
    assert.deepEqual([name, region, account, partition], ["lab", "eu-west-1", ACCOUNT, "aws"]);
  });

  it("is the cluster in eksctl's name, with the account that DescribeCluster gives", () => {
    const named = context("lab.eu-west-1.eksctl.io");
    const { name, region, account } = target(named);
    assert.deepEqual([name, region, account], ["lab", "eu-west-1", undefined]);
    const described = { cluster: { cluster: { name: "lab", arn: ARN, endpoint: "https://10.0.0.1" } } };
    assert.equal(target({ ...named, ...described }).account, ACCOUNT);
  });
});

describe("likelyTarget", () => {
  it("is what targetCluster knows", () => {
    const facts = deriveFacts(healthyBundle());
    const { name, region } = targetCluster(facts);
    assert.deepEqual(of(healthyBundle()), [name, region]);
  });

  for (const [title, changes, expected] of [
    [
      "the ARN that was asked for",
      { question: { command: `kubectl --context ${ARN} get pods` } },
      ["lab", "eu-west-1"],
    ],
    [
      "the ARN that AWS refuses",
      { cluster: { failed: `AccessDeniedException: … eks:DescribeCluster on resource: ${ARN}` } },
      ["lab", "eu-west-1"],
    ],
    [
      "the ARN in a kubeconfig that cannot be read",
      { kubeconfig: { files: [{ path: "/k", text: `clusters: a: b\n- name: ${ARN}\n` }] } },
      ["lab", "eu-west-1"],
    ],
    [
      "neither of two ARNs, and their endpoint's region",
      { kubeconfig: { files: [{ path: "/k", text: `a: b: ${ARN} ${ARN}2 server: ${ENDPOINT}\n` }] } },
      [undefined, "eu-west-1"],
    ],
    [
      "the name that the token is signed for",
      {
        tokenNames: [
          { name: "lab", accepted: true },
          { name: "prod", accepted: false },
        ],
      },
      ["lab", undefined],
    ],
    ["the entry's name", context("lab"), ["lab", undefined]],
    ["the context's own name, where the entry's can be none", context("10.0.0.1:443"), ["it", undefined]],
    [
      "no name that EKS does not have",
      { ...context("lab"), clusters: { clusters: ["a", "b"] } },
      [undefined, undefined],
    ],
    ["the only cluster there is", { clusters: { clusters: ["a"] } }, ["a", undefined]],
    [
      "the host that is called",
      { network: { host: ENDPOINT.slice(8), port: 443 } },
      [undefined, "eu-west-1"],
    ],
    [
      "the variable's region",
      { environment: { AWS_DEFAULT_REGION: "eu-north-1" } },
      [undefined, "eu-north-1"],
    ],
    [
      "the region of the first variable that the AWS CLI asks",
      { environment: { AWS_DEFAULT_REGION: "eu-north-1", AWS_REGION: "eu-south-1" } },
      [undefined, "eu-south-1"],
    ],
    [
      "the region of the only variable that version 1 knows",
      {
        environment: { AWS_DEFAULT_REGION: "eu-north-1", AWS_REGION: "eu-south-1" },
        execCommand: { command: "aws", resolved: "/usr/bin/aws", version: "aws-cli/1.45.11" },
      },
      [undefined, "eu-north-1"],
    ],
    [
      "the profile's region, which the plugin uses",
      {
        ...context("lab", { exec: ", args: [eks, get-token, --profile, b]" }),
        awsConfig: { path: "/c", text: "[profile a]\nregion = eu-west-2\n[profile b]\nregion = eu-west-3\n" },
      },
      ["lab", "eu-west-3"],
    ],
    ["the token's region", { token: { region: "us-east-1" } }, [undefined, "us-east-1"]],
    [
      "no region, where profiles name several",
      {
        awsConfig: { path: "/c", text: "[profile a]\nregion = eu-west-2\n[profile b]\nregion = eu-west-3\n" },
      },
      [undefined, undefined],
    ],
  ] as const satisfies readonly (readonly [string, Partial<DoctorEvidence>, readonly unknown[]])[]) {
    it(`is ${title}`, () => assert.deepEqual(of(changes), expected));
  }
});
