import assert from "node:assert/strict";
import { authenticationModeOf } from "../../../../doctor/derive/mapping/authentication-mode.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { mode, NEEDS_API } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";

const DENIED = { cluster: { failed: "AccessDeniedException" } };

describe("authenticationModeOf", () => {
  it("is what DescribeCluster says", () => {
    assert.equal(authenticationModeOf(healthyBundle(mode("API"))), "API");
  });

  it("is CONFIG_MAP when access-entry calls are refused for it", () => {
    assert.equal(
      authenticationModeOf(healthyBundle({ ...DENIED, accessEntries: { failed: NEEDS_API } })),
      "CONFIG_MAP",
    );
    assert.equal(
      authenticationModeOf(healthyBundle({ ...DENIED, question: { stderr: NEEDS_API } })),
      "CONFIG_MAP",
    );
  });

  it("believes DescribeCluster more than an older refusal", () => {
    assert.equal(
      authenticationModeOf(healthyBundle({ ...mode("API"), question: { stderr: NEEDS_API } })),
      "API",
    );
  });

  it("is not known from a list, nor from a cluster without the field", () => {
    assert.equal(authenticationModeOf(healthyBundle(DENIED)), undefined);
    assert.equal(authenticationModeOf(healthyBundle(cluster({ accessConfig: {} }))), undefined);
  });
});
