import assert from "node:assert/strict";
import { policyConsoleAccessDenied } from "../../../../doctor/rules/authorization/policy-console-access-denied.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { mappingFault, NO_ENTRY, refusedCall } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("P12");
const IAM = `aws iam put-role-policy --role-name Dev --policy-name eks-console --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["eks:AccessKubernetesApi","eks:DescribeCluster"],"Resource":"arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab"}]}'`;
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const KUBERNETES = [
  `aws eks create-access-entry ${place}`,
  `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
];
const found = (confidence: string, commands: readonly string[]) => [
  { cause: "P12", stage: "authorization", severity: "error", confidence, commands },
];

describe("policy-console-access-denied", () => {
  it("gives the IAM half to somebody whom Kubernetes knows", () => {
    assert.deepEqual(verdicts(policyConsoleAccessDenied, FAULT), found("certain", [IAM]));
  });

  it("gives the Kubernetes half to somebody whom nothing maps", () => {
    const bundle = { ...FAULT, ...NO_ENTRY, selfSubjectReview: { failed: "-" } };
    assert.deepEqual(verdicts(policyConsoleAccessDenied, bundle), found("certain", KUBERNETES));
  });

  it("gives both when it is open which is missing", () => {
    const bundle = { ...FAULT, accessEntries: { failed: "-" }, accessEntryDetails: { failed: "-" } };
    assert.deepEqual(verdicts(policyConsoleAccessDenied, bundle), found("likely", [IAM, ...KUBERNETES]));
  });

  it("believes IAM's own denial", () => {
    const bundle = refusedCall(
      "the EKS console",
      "AccessDeniedException: User: x is not authorized to perform: eks:AccessKubernetesApi on resource: y",
    );
    assert.deepEqual(verdicts(policyConsoleAccessDenied, bundle), found("certain", [IAM]));
  });

  it("is silent otherwise", () => {
    assert.deepEqual(findingsOf(policyConsoleAccessDenied, healthyBundle()), []);
    assert.deepEqual(findingsOf(policyConsoleAccessDenied, mappingFault("P11")), []);
  });
});
