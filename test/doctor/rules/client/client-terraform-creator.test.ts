import assert from "node:assert/strict";
import { clientTerraformCreator } from "../../../../doctor/rules/client/client-terraform-creator.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { confidences, findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";

const T8 = CLIENT_FAULTS["T8"] ?? healthyBundle();

describe("client-terraform-creator", () => {
  it("is certain when the plan replaces the creator's entry", () => {
    assert.deepEqual(verdicts(clientTerraformCreator, T8), [
      { cause: "T8", stage: "client", severity: "error", confidence: "certain", commands: [] },
    ]);
    assert.match(
      fixesOf(clientTerraformCreator, T8)[0]?.text ?? "",
      /^enable_cluster_creator_admin_permissions = false\naccess_entries = \{/,
    );
  });

  it("only warns of the setting alone", () => {
    const [found] = verdicts(clientTerraformCreator, { ...T8, question: {} }) ?? [];
    assert.deepEqual([found?.severity, found?.confidence], ["warning", "possible"]);
  });

  it("is likely by the plan alone", () => {
    assert.deepEqual(confidences(clientTerraformCreator, { ...T8, client: { name: "terraform" } }), [
      "T8 likely",
    ]);
  });

  it("is silent on entries that name their principals", () => {
    const configuration = "enable_cluster_creator_admin_permissions = false\naccess_entries = { ada = {} }\n";
    const bundle = { ...T8, question: {}, client: { name: "terraform", configuration } };
    assert.deepEqual(findingsOf(clientTerraformCreator, bundle), []);
  });
});
