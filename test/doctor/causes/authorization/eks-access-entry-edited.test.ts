import { entry, unauthorized, without } from "../../support/bundle.ts";
import { forbidden, mappingFault, policies } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

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

testRule("authorization/eks-access-entry-edited", "E9", {
  possible: {
    "mentions a recent edit": {
      on: FAULT,
      inferred: true,
      evidence: ["The access entry was modified at 2026-01-15T11:00:00.000Z."],
    },
    "mentions a scope that was associated again, by AWS CLI 1's dates too": {
      on: forbidden(view(1768473000)),
      evidence: ["The scope of AmazonEKSViewPolicy was modified at 2026-01-15T10:30:00.000Z."],
    },
  },
  passed: {
    "the edit is some days old": forbidden(view("2026-01-10T12:00:00Z")),
  },
  notApplicable: {
    "the API server answers 401": unauthorized(EDITED),
  },
  unknown: {
    "cannot tell without the moment of the call": { on: without(FAULT, "gatheredAt"), missing: "gatheredAt" },
  },
});
