import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { PART_NAMES, partEntry } from "../../../doctor/evidence/parts.ts";
import { caseOf, completeEvidence } from "../../../doctor/probes/complete-evidence.ts";
import { ACCOUNT, ENDPOINT, healthyBundle, ROLE_ARN } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { forbidden } from "../support/mapping-faults.ts";

const DENIED = { failed: "AccessDeniedException: not authorized" };
const CASE = forbidden({
  accessEntries: DENIED,
  accessEntryDetails: DENIED,
  associatedPolicies: DENIED,
  role: DENIED,
  awsAuth: DENIED,
  rbac: DENIED,
});

/** All that an administrator gathers: everything in it is about her, but what was asked for the principal. */
function gatheredBy(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    question: { ...caseOf(CASE).question, context: "admin" },
    callerIdentity: {
      UserId: "AROAADMINISTRATOR1234:grace",
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/grace`,
    },
    selfSubjectReview: { status: { userInfo: { username: "grace", groups: ["system:masters"] } } },
    accessReviews: [{ spec: { resourceAttributes: { verb: "*" } }, status: { allowed: true } }],
    environment: { AWS_PROFILE: "administrator" },
    ...changes,
  });
}

describe("completeEvidence", () => {
  it("reads off a bundle which context, cluster, principal and request it is about", () => {
    assert.deepEqual(caseOf(CASE), {
      context: "lab",
      cluster: "lab",
      server: ENDPOINT,
      region: "eu-west-1",
      principal: ROLE_ARN,
      question: {
        principal: ROLE_ARN,
        attempt: { verb: "list", group: "", resource: "pods", namespace: "web" },
      },
    });
  });

  it("adds what was refused, and keeps every word about who called and what he may do", () => {
    const { evidence, added, missing } = completeEvidence(CASE, gatheredBy({ rbac: { failed: "no" } }));
    assert.deepEqual(added, ["accessEntries", "accessEntryDetails", "associatedPolicies", "role", "awsAuth"]);
    assert.deepEqual(missing, [{ part: "rbac", reason: "no" }]);
    for (const [part, value] of Object.entries(CASE))
      if (!(added as readonly string[]).includes(part))
        assert.deepEqual(evidence[part as keyof DoctorEvidence], value, part);
    assert.doesNotMatch(JSON.stringify(evidence), /grace|administrator/i);
  });

  it("takes nothing about a principal that was not asked for by the ARN of the case", () => {
    const other = gatheredBy({ question: { context: "admin", principal: `${ROLE_ARN}Other` } });
    const nobody = gatheredBy({ question: { context: "admin" } });
    for (const gathered of [other, nobody])
      assert.deepEqual(completeEvidence(CASE, gathered).added, ["accessEntries", "awsAuth", "rbac"]);
  });

  it("takes no role of the same name in the account of whoever asks", () => {
    const role = {
      Role: { Arn: ROLE_ARN.replace(ACCOUNT, "444455556666"), RoleId: "AROA1", CreateDate: "2025-01-01" },
    };
    assert.ok(!completeEvidence(CASE, gatheredBy({ role })).added.includes("role"));
  });

  it("overwrites nothing about the caller, whatever the case", () => {
    for (const { bundle } of FAULTS.slice(0, 40)) {
      const { evidence } = completeEvidence(bundle, gatheredBy());
      for (const part of PART_NAMES)
        if (["caller", "case", "account"].includes(partEntry(part).about) && part !== "excerpts")
          assert.deepEqual(evidence[part], bundle[part], part);
    }
  });

  const forged = {
    accessEntries: { accessEntries: [ROLE_ARN] },
    accessEntryDetails: [{ accessEntry: { principalArn: ROLE_ARN, kubernetesGroups: ["forged-admins"] } }],
    associatedPolicies: [
      {
        principalArn: ROLE_ARN,
        associatedAccessPolicies: [
          {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/forged",
            accessScope: { type: "cluster", namespaces: [] },
          },
        ],
      },
    ],
    awsAuth: { data: { mapRoles: `- rolearn: ${ROLE_ARN}\n  groups: [forged-masters]\n` } },
    rbac: { items: [{ kind: "ClusterRole", metadata: { name: "forged" } }] },
    namespaces: { items: [{ metadata: { name: "forged" } }] },
    identityProviders: [{ identityProviderConfigName: "forged" }],
    clusters: { clusters: ["forged"] },
  } as unknown as Partial<DoctorEvidence>;

  // A case decides what an administrator is told to grant, and anyone can write one.
  for (const [part, value] of Object.entries(forged)) {
    const crafted = { ...CASE, [part]: value, excerpts: [part] } as DoctorEvidence;

    it(`uses no ${part} that the administrator did not read: read, refused or not asked`, () => {
      const own = gatheredBy()[part as keyof DoctorEvidence];
      for (const now of [own, DENIED, undefined]) {
        const { evidence, missing } = completeEvidence(crafted, gatheredBy({ [part]: now }));
        assert.deepEqual(evidence[part as keyof DoctorEvidence], now === DENIED ? undefined : now);
        assert.doesNotMatch(JSON.stringify(evidence), /forged/);
        assert.equal(
          missing.some((one) => one.part === part),
          now === DENIED,
        );
      }
    });
  }

  it("says where the cluster differs from the case, and forgets that the case had an excerpt", () => {
    const crafted = { ...CASE, awsAuth: "data: {}", excerpts: ["awsAuth" as const] };
    const { evidence, added, corrected } = completeEvidence(crafted, gatheredBy());
    assert.deepEqual(corrected, ["awsAuth"]);
    assert.ok(!added.includes("awsAuth"));
    assert.deepEqual(evidence.excerpts, []);
  });

  it("says that the principal is in a different account than the cluster", () => {
    const Arn = "arn:aws:sts::444455556666:assumed-role/Developer/ada";
    const crafted = { ...CASE, callerIdentity: { UserId: "AROAX:ada", Account: "444455556666", Arn } };
    assert.equal(completeEvidence(crafted, gatheredBy()).otherAccount, "444455556666");
    assert.equal(completeEvidence(CASE, gatheredBy()).otherAccount, undefined);
  });
});
