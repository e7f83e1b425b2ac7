import assert from "node:assert/strict";
import { eksBootstrapRefused } from "../../../../doctor/rules/mode/eks-bootstrap-refused.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";

const FAULT = refusedCall(
  "aws eks create-cluster --name lab",
  cliError(
    "InvalidParameterException",
    "CreateCluster",
    "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
  ),
  { cluster: { failed: "ResourceNotFoundException" } },
);

describe("eks-bootstrap-refused", () => {
  it("names the refusal of a cluster that nobody could enter", () => {
    assert.deepEqual(verdicts(eksBootstrapRefused, FAULT), [
      { cause: "M4", stage: "mode", severity: "error", confidence: "certain", commands: [] },
    ]);
    assert.equal(
      fixesOf(eksBootstrapRefused, FAULT)[0]?.text,
      "--access-config authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false",
    );
  });

  it("is silent otherwise", () => {
    assert.deepEqual(findingsOf(eksBootstrapRefused, healthyBundle()), []);
    assert.deepEqual(findingsOf(eksBootstrapRefused, mappingFault("M3")), []);
  });
});
