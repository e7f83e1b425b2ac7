import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { nextEvidence } from "../../../doctor/report/next-evidence.ts";
import { AUTHORIZATION_FAULTS } from "../support/authorization-faults.ts";

describe("nextEvidence", () => {
  it("asks for the whole of what is there in part", () => {
    const next = (excerpts: DoctorEvidence["excerpts"] & {}) =>
      nextEvidence(deriveFacts({ ...AUTHORIZATION_FAULTS.R1, excerpts }), { shell: "bash" });
    assert.deepEqual(next([]), []);
    assert.deepEqual(next(["rbac"]), [
      {
        part: "rbac",
        command: "kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o json",
      },
    ]);
  });
});
