import assert from "node:assert/strict";
import { vouchAgentReadOnly } from "../../../../doctor/rules/credentials/vouch-agent-read-only.ts";
import { healthyBundle, healthyVouchBundle } from "../../support/bundle.ts";
import { confidences, findingsOf } from "../../support/credential-case.ts";

const AGENT = {
  vouch: { server: "https://us.vouch.sh", loggedIn: true, serverConfirms: true, agent: "claude-code" },
};

describe("vouch-agent-read-only", () => {
  it("warns, and says what the agent may do in the cluster", () => {
    const [finding] = findingsOf(vouchAgentReadOnly, healthyVouchBundle(AGENT)) ?? [];
    assert.deepEqual(
      [finding?.severity, finding?.summary],
      [
        "warning",
        "claude-code runs this: its AWS session is read-only. Inside the cluster it may do what you may.",
      ],
    );
  });

  it("is the cause when AWS refuses a write by the session policy", () => {
    const stderr =
      "An error occurred (AccessDeniedException) when calling the CreateAccessEntry operation: User: arn:aws:sts::111122223333:assumed-role/Dev/ada is not authorized to perform: eks:CreateAccessEntry on resource: arn:aws:eks:eu-west-1:111122223333:cluster/lab because no session policy allows the eks:CreateAccessEntry action";
    const [finding] =
      findingsOf(vouchAgentReadOnly, healthyVouchBundle({ ...AGENT, question: { stderr, exitCode: 254 } })) ??
      [];
    assert.deepEqual(
      [finding?.cause, finding?.severity, finding?.confidence, finding?.summary],
      [
        "V5",
        "error",
        "certain",
        "claude-code runs this: its AWS session is read-only, so eks:CreateAccessEntry is refused.",
      ],
    );
  });

  it("is silent for a person, and where Vouch plays no part", () => {
    assert.deepEqual(confidences(vouchAgentReadOnly, healthyVouchBundle()), []);
    assert.deepEqual(confidences(vouchAgentReadOnly, healthyBundle(AGENT)), []);
  });
});
