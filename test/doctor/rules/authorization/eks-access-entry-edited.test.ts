import assert from "node:assert/strict";
import { eksAccessEntryEdited } from "../../../../doctor/rules/authorization/eks-access-entry-edited.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { findingsOf, missingFor, unauthorized } from "../../support/credential-case.ts";
import { entry, forbidden, mappingFault, policies } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E9");
const EDITED = entry({ modifiedAt: "2026-01-15T11:00:00Z" });
const view = (modifiedAt: string | number) =>
  policies([
    {
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      accessScope: { type: "namespace", namespaces: ["api"] },
      associatedAt: "2025-06-02T08:00:00Z",
      modifiedAt,
    },
  ]);

describe("eks-access-entry-edited", () => {
  it("mentions a recent edit, possible and inferred", () => {
    assert.deepEqual(
      findingsOf(eksAccessEntryEdited, FAULT).map(
        ({ cause, stage, severity, confidence, inferred, evidence }) => ({
          cause,
          stage,
          severity,
          confidence,
          inferred,
          evidence,
        }),
      ),
      [
        {
          cause: "E9",
          stage: "authorization",
          severity: "error",
          confidence: "possible",
          inferred: true,
          evidence: ["The access entry was modified at 2026-01-15T11:00:00.000Z."],
        },
      ],
    );
  });

  it("mentions a scope that was associated again, by AWS CLI 1's dates too", () => {
    assert.deepEqual(findingsOf(eksAccessEntryEdited, forbidden(view(1768473000)))?.[0]?.evidence, [
      "The scope of AmazonEKSViewPolicy was modified at 2026-01-15T10:30:00.000Z.",
    ]);
  });

  it("cannot tell without the moment of the call", () => {
    assert.deepEqual(missingFor(eksAccessEntryEdited, without(FAULT, "gatheredAt")), ["gatheredAt"]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(EDITED),
    "the edit is some days old": forbidden(view("2026-01-10T12:00:00Z")),
    "nothing was edited": forbidden({}),
    "the API server answers 401": unauthorized(EDITED),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryEdited, bundle), []);
    });
  }
});
