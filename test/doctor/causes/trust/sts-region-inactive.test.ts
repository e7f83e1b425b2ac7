import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle, keysRefused, pluginFailed, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

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

testRule("trust/sts-region-inactive", "S7", {
  certain: {
    "believes the cluster's health": { on: unauthorized(ill("StsRegionalEndpointDisabled")), commands: [] },
    "knows STS's words": pluginFailed(
      "An error occurred (RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
    ),
  },
  likely: {
    "temporary keys are unknown in an opt-in region": {
      on: keysRefused(UNKNOWN_KEY, { token: keysIn("me-south-1") }),
      commands: [
        "kubectl config set-credentials lab --exec-env=AWS_STS_REGIONAL_ENDPOINTS=regional",
        "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token",
      ],
    },
  },
  passed: {
    "an ordinary region, a user's keys, and another issue of the cluster": [
      keysRefused(UNKNOWN_KEY, { token: keysIn("eu-west-1") }),
      keysRefused(UNKNOWN_KEY, {
        token: { ...keysIn("me-south-1"), accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false },
      }),
      unauthorized(ill("KmsKeyDisabled")),
    ],
  },
});
