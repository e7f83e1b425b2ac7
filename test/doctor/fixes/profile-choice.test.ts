import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { createProfile } from "../../../doctor/fixes/profile-choice.ts";
import { freeName } from "../../../doctor/fixes/rbac-actions.ts";
import { awsConfig, healthyBundle } from "../support/bundle.ts";

describe("freeName", () => {
  for (const [taken, free] of [
    [[], "lab"],
    [["labs"], "lab"],
    [["lab"], "lab-2"],
    [["lab", "lab-3"], "lab-2"],
    [["lab-3", "lab-2", "lab"], "lab-4"],
  ] as const)
    it(`is ${free} where ${taken.join(", ") || "nothing"} is taken`, () => {
      assert.equal(freeName("lab", taken), free);
    });
});

describe("createProfile", () => {
  it("makes no profile under a name that another has", () => {
    const config = awsConfig("[profile dev]\n[profile lab]\n[profile lab-3]\n");
    const [made] = createProfile(deriveFacts(healthyBundle(config)));
    assert.equal(made?.kind === "run" && made.options["profile"], "lab-2");
  });
});
