import assert from "node:assert/strict";
import { vouchServerUnreachable } from "../../../../doctor/rules/credentials/vouch-server-unreachable.ts";
import { healthyVouchBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const DOWN = {
  vouch: {
    server: "https://us.vouch.sh",
    loggedIn: true,
    identity: "ada@example.com",
    sessionEnd: "2026-01-15T18:00:00Z",
    serverProblem: "us.vouch.sh refuses connections",
  },
};

describe("vouch-server-unreachable", () => {
  it("is certain when the plugin failed for it", () => {
    assert.deepEqual(
      verdicts(
        vouchServerUnreachable,
        pluginFailed("us.vouch.sh refuses connections.", { vouch: true, changes: DOWN }),
      ),
      [
        {
          cause: "V4",
          stage: "credentials",
          severity: "error",
          confidence: "certain",
          commands: ["curl -sSv https://us.vouch.sh/health"],
        },
      ],
    );
  });

  it("warns while what is cached still works", () => {
    const [finding] = findingsOf(vouchServerUnreachable, healthyVouchBundle(DOWN)) ?? [];
    assert.deepEqual(
      [finding?.severity, finding?.summary],
      ["warning", "The Vouch server https://us.vouch.sh does not answer; what is cached works without it."],
    );
  });

  it("is silent when it is another host that does not answer", () => {
    const words = "sts.eu-west-1.amazonaws.com did not answer the connection attempt.";
    assert.deepEqual(confidences(vouchServerUnreachable, pluginFailed(words, { vouch: true })), []);
  });
});
