import assert from "node:assert/strict";
import { clientTokenAndExec } from "../../../../doctor/rules/client/client-token-and-exec.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS, EXEC_PROVIDER, TOKEN_PROVIDER } from "../../support/client-faults.ts";
import { confidences, findingsOf, fixesOf, verdicts } from "../../support/credential-case.ts";

const T12 = CLIENT_FAULTS["T12"] ?? healthyBundle();

describe("client-token-and-exec", () => {
  it("is certain of a token beside an exec block", () => {
    assert.deepEqual(verdicts(clientTokenAndExec, T12), [
      { cause: "T12", stage: "client", severity: "error", confidence: "certain", commands: [] },
    ]);
    assert.deepEqual(
      fixesOf(clientTokenAndExec, T12)[0]?.text,
      "- token = data.aws_eks_cluster_auth.this.token",
    );
  });

  it("is only likely while the token cannot be dead yet", () => {
    const { client } = T12;
    assert.ok(client !== undefined && !("failed" in client));
    assert.deepEqual(confidences(clientTokenAndExec, { ...T12, client: { ...client, runSeconds: 60 } }), [
      "T12 likely",
    ]);
  });

  it("is silent on one of both, and on both in two blocks", () => {
    for (const configuration of [TOKEN_PROVIDER, EXEC_PROVIDER, TOKEN_PROVIDER + EXEC_PROVIDER]) {
      const bundle = { ...T12, client: { name: "terraform", configuration } };
      assert.deepEqual(findingsOf(clientTokenAndExec, bundle), []);
    }
  });

  it("is silent on a comment", () => {
    const configuration = EXEC_PROVIDER.replace("    exec", '    # token = "x"\n    exec');
    assert.deepEqual(
      findingsOf(clientTokenAndExec, { ...T12, client: { name: "terraform", configuration } }),
      [],
    );
  });
});
