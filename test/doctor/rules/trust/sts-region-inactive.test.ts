import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { stsRegionInactive } from "../../../../doctor/rules/trust/sts-region-inactive.ts";
import { healthyBundle } from "../../support/bundle.ts";
import {
  confidences,
  keysRefused,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

const UNKNOWN_KEY =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";

function ill(code: string): Partial<DoctorEvidence> {
  const { cluster } = healthyBundle();
  const healthy = cluster !== undefined && "cluster" in cluster ? cluster.cluster : { name: "lab" };
  return {
    cluster: {
      cluster: { ...healthy, health: { issues: [{ code, message: "STS is off in this region." }] } },
    },
  };
}

function keysIn(region: string) {
  return { bytes: 1500, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, region, problems: [] };
}

describe("sts-region-inactive", () => {
  it("believes the cluster's health", () => {
    assert.deepEqual(verdicts(stsRegionInactive, unauthorized(ill("StsRegionalEndpointDisabled"))), [
      { cause: "S7", stage: "trust", severity: "error", confidence: "certain", commands: [] },
    ]);
  });

  it("knows STS's words", () => {
    const words =
      "An error occurred (RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.";
    assert.deepEqual(confidences(stsRegionInactive, pluginFailed(words)), ["S7 certain"]);
  });

  it("is likely where temporary keys are unknown in an opt-in region", () => {
    assert.deepEqual(verdicts(stsRegionInactive, keysRefused(UNKNOWN_KEY, { token: keysIn("me-south-1") })), [
      {
        cause: "S7",
        stage: "trust",
        severity: "error",
        confidence: "likely",
        commands: [
          "kubectl config set-credentials lab --exec-env=AWS_STS_REGIONAL_ENDPOINTS=regional",
          "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token",
        ],
      },
    ]);
  });

  it("is silent in an ordinary region, for a user's keys, and on another issue of the cluster", () => {
    assert.deepEqual(
      confidences(stsRegionInactive, keysRefused(UNKNOWN_KEY, { token: keysIn("eu-west-1") })),
      [],
    );
    const token = { ...keysIn("me-south-1"), accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false };
    assert.deepEqual(confidences(stsRegionInactive, keysRefused(UNKNOWN_KEY, { token })), []);
    assert.deepEqual(confidences(stsRegionInactive, unauthorized(ill("KmsKeyDisabled"))), []);
  });
});
