import assert from "node:assert/strict";
import { eksClusterNotFound } from "../../../../doctor/rules/network/eks-cluster-not-found.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { HOST, network, networkFault, noAnswer, noSuchHost } from "../../support/network-faults.ts";

const FAULT = networkFault("N11");
const NOT_FOUND = { failed: "ResourceNotFoundException: No cluster found for name: lab." };

describe("eks-cluster-not-found", () => {
  it("says which name, where, and which one was meant", () => {
    assert.deepEqual(verdicts(eksClusterNotFound, FAULT), [
      {
        cause: "N11",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1",
          "aws sts get-caller-identity",
          "aws eks list-clusters --region eu-west-1",
          "aws eks update-kubeconfig --name Lab --region REGION --profile PROFILE",
        ],
      },
    ]);
    assert.equal(
      findingsOf(eksClusterNotFound, FAULT)?.[0]?.summary,
      "There is no cluster Lab in eu-west-1 in account 111122223333.",
    );
  });

  it("takes the name from AWS's words when there is no command", () => {
    const stderr = "ResourceNotFoundException: No cluster found for name: web.";
    const [finding] =
      findingsOf(eksClusterNotFound, { ...FAULT, question: { stderr }, callerIdentity: { failed: "-" } }) ??
      [];
    assert.equal(finding?.summary, "There is no cluster web in eu-west-1.");
  });

  it("is likely by AWS's words alone", () => {
    assert.deepEqual(confidences(eksClusterNotFound, without(FAULT, "clusters")), ["N11 likely"]);
  });

  it("doubts words that the list contradicts", () => {
    assert.deepEqual(confidences(eksClusterNotFound, { ...FAULT, clusters: { clusters: ["Lab"] } }), [
      "N11 possible",
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "kubectl works, and a probe looked in another region": healthyBundle({ cluster: NOT_FOUND }),
    "the API server answers 401 (another region in --region does not refuse anybody)": unauthorized({
      cluster: NOT_FOUND,
    }),
    "the name is gone from DNS too (N1)": noAnswer(noSuchHost(HOST), {
      cluster: NOT_FOUND,
      ...network({ dnsError: "ENOTFOUND" }),
    }),
    "the cluster was found since": { ...FAULT, cluster: healthyBundle().cluster ?? NOT_FOUND },
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksClusterNotFound, bundle), []);
    });
  }

  it("says where the cluster is, when the call that failed looked elsewhere", () => {
    const stderr =
      "An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: lab.";
    assert.deepEqual(verdicts(eksClusterNotFound, healthyBundle({ question: { stderr } })), [
      {
        cause: "N11",
        stage: "network",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ],
      },
    ]);
  });
});
