import assert from "node:assert/strict";
import { eksAccessEntryWithoutRights } from "../../../../doctor/rules/mapping/eks-access-entry-without-rights.ts";
import { healthyBundle, ROLE_ARN, USERNAME, without } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { entry, forbidden, mappingFault, policies } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E5");
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const VIEW = "--policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const NEVER_TRIED = {
  question: {},
  apiServer: { failed: "-" },
  selfSubjectReview: { failed: "-" },
  accessReviews: { failed: "-" },
};

describe("eks-access-entry-without-rights", () => {
  it("gives the entry the smallest policy for the attempt", () => {
    assert.deepEqual(verdicts(eksAccessEntryWithoutRights, FAULT), [
      {
        cause: "E5",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks associate-access-policy ${place} ${VIEW} --access-scope type=namespace,namespaces=web`,
          `aws eks update-access-entry ${place} --kubernetes-groups GROUP`,
        ],
      },
    ]);
  });

  it("finds it when nobody has tried, and then offers the least policy", () => {
    assert.deepEqual(
      verdicts(eksAccessEntryWithoutRights, healthyBundle({ ...policies([]), ...NEVER_TRIED }))?.[0]
        ?.commands,
      [
        `aws eks associate-access-policy ${place} ${VIEW} --access-scope type=cluster`,
        `aws eks update-access-entry ${place} --kubernetes-groups GROUP`,
      ],
    );
  });

  it("is less sure when aws-auth or a binding may give rights, or who calls is open", () => {
    for (const part of ["awsAuth", "environment", "cluster", "rbac", "client"] as const) {
      assert.deepEqual(confidences(eksAccessEntryWithoutRights, without(FAULT, part)), ["E5 likely"], part);
    }
  });

  const binding = {
    kind: "RoleBinding",
    metadata: { name: "ada", namespace: "web" },
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "User", name: USERNAME }],
  };
  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "it works all the same": healthyBundle(policies([])),
    "the policies are not known": forbidden({ associatedPolicies: { failed: "AccessDeniedException" } }),
    "the policies of another entry are none": forbidden({ ...policies([], `${ROLE_ARN}Other`) }),
    "the groups are not known": forbidden({ ...policies([]), accessEntryDetails: [] }),
    "the entry has a group (R1)": forbidden({ ...entry({ kubernetesGroups: ["devs"] }), ...policies([]) }),
    "a policy with an empty list of namespaces has the whole cluster": forbidden(
      policies([
        {
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
          accessScope: { type: "cluster", namespaces: [] },
        },
      ]),
    ),
    "a binding names the very user": forbidden({ ...policies([]), rbac: { items: [binding] } }),
    "the refusal names another user": forbidden(policies([]), "dev:ada"),
    "the API server answers 401": unauthorized(policies([])),
    "the entry is a node's (E6)": mappingFault("E6"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryWithoutRights, bundle), []);
    });
  }
});
