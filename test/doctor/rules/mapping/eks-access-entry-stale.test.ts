import assert from "node:assert/strict";
import { eksAccessEntryStale } from "../../../../doctor/rules/mapping/eks-access-entry-stale.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, entry, forbidden, mappingFault, mode } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E3");
const role = (changes: object) => ({
  role: {
    Role: {
      Arn: ROLE_ARN,
      RoleId: "AROAEXAMPLEEXAMPLE123",
      RoleName: "Dev",
      CreateDate: "2025-12-01T08:00:00Z",
      ...changes,
    },
  },
});
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

describe("eks-access-entry-stale", () => {
  it("recreates the entry with all its rights", () => {
    assert.deepEqual(verdicts(eksAccessEntryStale, FAULT), [
      {
        cause: "E3",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks delete-access-entry ${place}`,
          `aws eks create-access-entry ${place}`,
          `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope 'type=namespace,namespaces=web,team-*'`,
        ],
      },
    ]);
    assert.equal(
      findingsOf(eksAccessEntryStale, FAULT)?.[0]?.evidence[0],
      "The role was created 2025-12-01T08:00:00Z, its entry 2025-06-02T08:00:00Z.",
    );
  });

  it("reads AWS CLI 1's dates", () => {
    const bundle = unauthorized({
      ...entry({ createdAt: 1748851200.5 }),
      ...role({ CreateDate: 1764576000.25 }),
    });
    assert.deepEqual(confidences(eksAccessEntryStale, bundle), ["E3 certain"]);
  });

  it("keeps groups and a username of one's own, and looks at what is not known first", () => {
    const bundle = {
      ...without(FAULT, "associatedPolicies"),
      ...entry({ kubernetesGroups: ["devs", "ops"], username: "dev:{{SessionName}}" }),
    };
    assert.deepEqual(verdicts(eksAccessEntryStale, bundle)?.[0]?.commands, [
      `aws eks list-associated-access-policies ${place}`,
      `aws eks delete-access-entry ${place}`,
      `aws eks create-access-entry ${place} --kubernetes-groups devs ops --username 'dev:{{SessionName}}'`,
      `aws eks associate-access-policy ${place} --policy-arn POLICY_ARN --access-scope type=SCOPE`,
    ]);
  });

  it("takes an entry under another path for one of a deleted role, dates or not", () => {
    const bundle = unauthorized({
      accessEntries: { accessEntries: [ROLE_ARN.replace("role/", "role/old/")] },
      accessEntryDetails: [],
      ...role({ CreateDate: "2025-05-01T08:00:00Z" }),
    });
    assert.deepEqual(confidences(eksAccessEntryStale, bundle), ["E3 likely"]);
  });

  it("is what is left when the token is right, the entry is there, and IAM cannot be asked", () => {
    const bundle = unauthorized({ role: { failed: "AccessDenied" } });
    const parts = (changed: typeof bundle) =>
      findingsOf(eksAccessEntryStale, changed)?.map(({ confidence, inferred }) => [confidence, inferred]);
    assert.deepEqual(parts(bundle), [["likely", true]]);
    assert.deepEqual(parts(without(bundle, "tokenNames")), [["possible", true]]);
  });

  it("explains rights that come from aws-auth instead", () => {
    const bundle = forbidden(
      { ...awsAuthWith(ROLE_ARN, ["developers"]), ...role({}) },
      "dev:ada-example.com",
    );
    assert.deepEqual(confidences(eksAccessEntryStale, bundle), ["E3 likely"]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "it works, whatever the dates say": healthyBundle(role({})),
    "the role is older than the entry": unauthorized(),
    "they were made in the same second": unauthorized(role({ CreateDate: "2025-06-02T08:00:00Z" })),
    "IAM speaks of another role": unauthorized({
      ...role({ Arn: `arn:aws:iam::${ACCOUNT}:role/Ops` }),
      tokenNames: { failed: "-" },
      ...mode("CONFIG_MAP"),
    }),
    "the refusal names the entry's own user": forbidden(role({})),
    "the cluster does not read entries": { ...FAULT, ...mode("CONFIG_MAP") },
    "the entry is a node's (E6)": mappingFault("E6"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryStale, bundle), []);
    });
  }

  it("does not judge by dates when the session runs under an older id (L12)", () => {
    const bundle = unauthorized(role({ RoleId: "AROANEWNEWNEWNEWNEW99" }));
    assert.deepEqual(
      findingsOf(eksAccessEntryStale, bundle)?.map(({ inferred }) => inferred),
      [true],
    );
  });
});
