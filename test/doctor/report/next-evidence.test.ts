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

  it("asks, for a bare error, for what decides between the suspicions: commands alone", () => {
    const commands = (stderr: string) =>
      nextEvidence(
        deriveFacts({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", question: { stderr } }),
        {
          shell: "bash",
        },
      ).map(({ command }) => command);
    assert.deepEqual(commands("error: You must be logged in to the server (Unauthorized)"), [
      "kubectl config view --minify",
      "aws sts get-caller-identity",
      "aws eks list-access-entries --cluster-name CLUSTER --region REGION",
    ]);
    assert.deepEqual(commands("getting credentials: exec: executable aws failed with exit code 255"), [
      "kubectl config view --minify",
      "aws sts get-caller-identity",
    ]);
  });
});
