import assert from "node:assert/strict";
import { ACCOUNT, healthyBundle } from "../../support/bundle.ts";
import { cliError, mappingFault, NEW_SSO, refusedCall, SSO_CALLER } from "../../support/mapping-faults.ts";
import { fixesOf, testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("P11");
const caller = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`;
const denied = (action: string, ending = "") =>
  refusedCall(
    "aws eks list-clusters --region eu-west-1",
    cliError(
      "AccessDeniedException",
      action.replace("eks:", ""),
      `User: ${caller} is not authorized to perform: ${action} on resource: arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab${ending}`,
    ),
  );
const grant = (action: string, resource: string) =>
  `aws iam put-role-policy --role-name Dev --policy-name ${action.replace(":", "-")} --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["${action}"],"Resource":"${resource}"}]}'`;
const probeDenied = {
  cluster: {
    failed: `AccessDeniedException: User: ${caller} is not authorized to perform: eks:DescribeCluster`,
  },
};

/** A refusal that no Allow lifts. */
const denies = (kind: string, who: string) => ({
  on: denied("eks:DescribeCluster", ` with an explicit deny in a ${kind}`),
  summary: `${caller} is not allowed to call eks:DescribeCluster: a ${kind} denies it.`,
  commands: [],
  audience: "iam-admin" as const,
  description: `Another Allow does not help: ${who} must remove eks:DescribeCluster from the ${kind} that denies it.`,
});

testRule("authorization/policy-eks-api-denied", "P11", {
  certain: {
    "allows the action on the cluster": {
      on: FAULT,
      summary: `${caller} is not allowed to call eks:DescribeCluster.`,
      commands: grant("eks:DescribeCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`),
    },
    "does not add an Allow under a service control policy": denies(
      "service control policy",
      "an AWS organization admin",
    ),
    "does not add an Allow under a permissions boundary": denies(
      "permissions boundary",
      "the admin of the caller's permissions boundary",
    ),
    "does not add an Allow of the caller's own where no permissions boundary allows the call": {
      on: denied(
        "eks:DescribeCluster",
        " because no permissions boundary allows the eks:DescribeCluster action",
      ),
      summary: `${caller} is not allowed to call eks:DescribeCluster: no permissions boundary allows it.`,
      commands: [],
    },
    "adds an Allow where no identity-based policy has one": {
      on: denied("eks:ListClusters", " because no identity-based policy allows the eks:ListClusters action"),
      commands: grant("eks:ListClusters", "*"),
    },
  },
  notApplicable: {
    "kubectl works, and only a probe was refused: it needs no eks right": healthyBundle(probeDenied),
    "another service refuses": mappingFault("P14"),
    "the console is refused (P12)": denied("eks:AccessKubernetesApi"),
  },
});

describe("policy-eks-api-denied", () => {
  it("points at the permission set of an Identity Center role, and not at the role", () => {
    const [fix] = fixesOf("authorization/policy-eks-api-denied", { ...FAULT, ...SSO_CALLER });
    assert.deepEqual([fix?.commands, fix?.description.includes("permission set Developers")], [[], true]);
    assert.ok(!JSON.stringify(fix).includes(NEW_SSO));
  });
});
