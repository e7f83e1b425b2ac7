import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
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

  it("overwrites nothing that the bundle knows", () => {
    for (const { bundle } of FAULTS.slice(0, 40)) {
      const { evidence } = completeEvidence(bundle, gatheredBy());
      for (const [part, value] of Object.entries(bundle))
        if (typeof value !== "object" || value === null || !("failed" in value))
          assert.deepEqual(evidence[part as keyof DoctorEvidence], value, part);
    }
  });
});
