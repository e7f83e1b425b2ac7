import assert from "node:assert/strict";
import { policyEksApiDenied } from "../../../../doctor/rules/authorization/policy-eks-api-denied.ts";
import { ACCOUNT, healthyBundle } from "../../support/bundle.ts";
import { findingsOf, fixesOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, NEW_SSO, refusedCall, SSO_CALLER } from "../../support/mapping-faults.ts";

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

describe("policy-eks-api-denied", () => {
  it("allows the action on the cluster", () => {
    assert.deepEqual(verdicts(policyEksApiDenied, FAULT), [
      {
        cause: "P11",
        stage: "authorization",
        severity: "error",
        confidence: "certain",
        commands: [grant("eks:DescribeCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`)],
      },
    ]);
    assert.equal(
      findingsOf(policyEksApiDenied, FAULT)[0]?.summary,
      `AWS does not allow ${caller} eks:DescribeCluster.`,
    );
  });

  it("allows ListClusters everywhere: it has no resource", () => {
    assert.deepEqual(verdicts(policyEksApiDenied, denied("eks:ListClusters"))[0]?.commands, [
      grant("eks:ListClusters", "*"),
    ]);
  });

  for (const kind of ["a service control policy", "a permissions boundary", "a session policy"]) {
    it(`does not add an Allow under an explicit deny in ${kind}`, () => {
      const [finding] =
        findingsOf(policyEksApiDenied, denied("eks:DescribeCluster", ` with an explicit deny in ${kind}`)) ??
        [];
      const name = kind.replace("a ", "");
      assert.equal(finding?.summary, `AWS does not allow ${caller} eks:DescribeCluster: ${name} denies it.`);
      assert.deepEqual(finding?.fixes, [
        {
          audience: "iam-admin",
          description: `Another Allow does not help: remove eks:DescribeCluster from the ${name} that denies it.`,
        },
      ]);
    });
  }

  it("points at the permission set of an Identity Center role", () => {
    const [fix] = fixesOf(policyEksApiDenied, { ...FAULT, ...SSO_CALLER });
    assert.deepEqual([fix?.commands, fix?.description.includes("permission set Developers")], [[], true]);
    assert.ok(!JSON.stringify(fix).includes(NEW_SSO));
  });

  const probeDenied = {
    cluster: {
      failed: `AccessDeniedException: User: ${caller} is not authorized to perform: eks:DescribeCluster`,
    },
  };
  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "kubectl works, and only a probe was refused: it needs no eks right": healthyBundle(probeDenied),
    "the API server answers 401, and a probe was refused": unauthorized(probeDenied),
    "another service refuses": mappingFault("P14"),
    "the console is refused (P12)": denied("eks:AccessKubernetesApi"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(policyEksApiDenied, bundle), []);
    });
  }
});
