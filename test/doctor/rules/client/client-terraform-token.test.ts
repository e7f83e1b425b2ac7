import assert from "node:assert/strict";
import { clientTerraformToken } from "../../../../doctor/rules/client/client-terraform-token.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER, TOKEN_PROVIDER } from "../../support/client-faults.ts";
import { confidences, findingsOf, fixesOf, unauthorized, verdicts } from "../../support/credential-case.ts";

const T1 = CLIENT_FAULTS["T1"] ?? healthyBundle();

function run(configuration: string | undefined, runSeconds?: number) {
  return {
    ...T1,
    client: {
      name: "terraform",
      ...(configuration === undefined ? {} : { configuration }),
      ...(runSeconds === undefined ? {} : { runSeconds }),
    },
  };
}

describe("client-terraform-token", () => {
  it("is certain of a token in the provider block and a long run, and gives the exec block", () => {
    assert.deepEqual(verdicts(clientTerraformToken, T1), [
      { cause: "T1", stage: "client", severity: "error", confidence: "certain", commands: [] },
    ]);
    assert.deepEqual(fixesOf(clientTerraformToken, T1), [
      {
        audience: "you",
        description: "Replace token with an exec block that fetches tokens.",
        commands: [],
        unprintable: [],
        text: `exec {
  api_version = "client.authentication.k8s.io/v1beta1"
  command     = "aws"
  args        = ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--output", "json"]
}`,
      },
    ]);
  });

  it("is less sure when the run was short, or its length unknown", () => {
    assert.deepEqual(confidences(clientTerraformToken, run(TOKEN_PROVIDER)), ["T1 likely"]);
    assert.deepEqual(confidences(clientTerraformToken, run(TOKEN_PROVIDER, 120)), ["T1 possible"]);
    assert.deepEqual(confidences(clientTerraformToken, run(undefined, 1500)), ["T1 possible"]);
  });

  it("is silent on an exec block, on a short run of nobody knows what, and on kubectl", () => {
    assert.deepEqual(findingsOf(clientTerraformToken, run(EXEC_PROVIDER, 1500)), []);
    assert.deepEqual(findingsOf(clientTerraformToken, run(undefined, 60)), []);
    assert.deepEqual(findingsOf(clientTerraformToken, unauthorized()), []);
  });
});
