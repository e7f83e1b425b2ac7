import assert from "node:assert/strict";
import { eksAccessEntryFresh } from "../../../../doctor/rules/mapping/eks-access-entry-fresh.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  missingFor,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";
import { entry, forbidden, mappingFault } from "../../support/mapping-faults.ts";

const made = (createdAt: string | number) => entry({ createdAt });

describe("eks-access-entry-fresh", () => {
  it("says to wait for an entry that was created a moment ago", () => {
    assert.deepEqual(verdicts(eksAccessEntryFresh, mappingFault("E10")), [
      {
        cause: "E10",
        stage: "mapping",
        severity: "error",
        confidence: "likely",
        commands: ["kubectl auth whoami"],
      },
    ]);
  });

  it("reads AWS CLI 1's dates", () => {
    assert.deepEqual(confidences(eksAccessEntryFresh, unauthorized(made(1768478370.5))), ["E10 likely"]);
  });

  it("cannot tell without the moment of the call", () => {
    assert.deepEqual(missingFor(eksAccessEntryFresh, without(mappingFault("E10"), "gatheredAt")), [
      "gatheredAt",
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(made("2026-01-15T11:59:50Z")),
    "the identity was accepted": forbidden(made("2026-01-15T11:59:50Z")),
    "the entry is some minutes old": unauthorized(made("2026-01-15T11:55:00Z")),
    "the entry is of another principal": mappingFault("E4"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryFresh, bundle), []);
    });
  }
});
