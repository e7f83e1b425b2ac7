import assert from "node:assert/strict";
import { eksAccessEntryOverridesAwsAuth } from "../../../../doctor/rules/mapping/eks-access-entry-overrides-aws-auth.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, entry, forbidden, mappingFault, mode, policies } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E11");
const ADMIN = awsAuthWith(ROLE_ARN, ["system:masters"]);
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const NEVER_TRIED = {
  question: {},
  apiServer: { failed: "-" },
  selfSubjectReview: { failed: "-" },
  accessReviews: { failed: "-" },
};

describe("eks-access-entry-overrides-aws-auth", () => {
  it("gives the entry what aws-auth meant, or deletes it", () => {
    assert.deepEqual(verdicts(eksAccessEntryOverridesAwsAuth, FAULT), [
      {
        cause: "E11",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
          `aws eks delete-access-entry ${place}`,
        ],
      },
    ]);
  });

  it("adds ordinary groups to those the entry has", () => {
    const bundle = forbidden({
      ...awsAuthWith(ROLE_ARN, ["devs", "ops"]),
      ...entry({ kubernetesGroups: ["ops"] }),
    });
    assert.deepEqual(
      verdicts(eksAccessEntryOverridesAwsAuth, bundle)?.map(({ confidence, commands: [first] }) => [
        confidence,
        first,
      ]),
      [["likely", `aws eks update-access-entry ${place} --kubernetes-groups ops devs`]],
    );
  });

  it("finds an entry that takes all rights away when nobody has tried", () => {
    assert.deepEqual(
      confidences(
        eksAccessEntryOverridesAwsAuth,
        healthyBundle({ ...ADMIN, ...policies([]), ...NEVER_TRIED }),
      ),
      ["E11 certain"],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "both are there, and it works: a migration": healthyBundle(ADMIN),
    "both are there, and nobody has tried": healthyBundle({ ...ADMIN, ...NEVER_TRIED }),
    "the entry has all the groups too": forbidden({
      ...awsAuthWith(ROLE_ARN, ["devs"]),
      ...entry({ kubernetesGroups: ["devs"] }),
    }),
    "the refusal names aws-auth's user": forbidden(ADMIN, "dev:ada-example.com"),
    "the cluster does not read aws-auth": { ...FAULT, ...mode("API") },
    "aws-auth does not list the caller (E5)": mappingFault("E5"),
    "the API server answers 401": unauthorized({ ...ADMIN, ...policies([]) }),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryOverridesAwsAuth, bundle), []);
    });
  }
});
