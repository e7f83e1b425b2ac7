import assert from "node:assert/strict";
import { vouchSessionEnded } from "../../../../doctor/rules/credentials/vouch-session-ended.ts";
import { healthyVouchBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const REVOKED = {
  vouch: {
    server: "https://us.vouch.sh",
    loggedIn: true,
    identity: "ada@example.com",
    sessionEnd: "2026-01-15T18:00:00Z",
    serverConfirms: false,
    serverProblem: "the session is over or was revoked",
  },
};

describe("vouch-session-ended", () => {
  it("is certain when the server says so", () => {
    const words = "us.vouch.sh refused the request for an AWS ID token: the session is over or was revoked.";
    assert.deepEqual(verdicts(vouchSessionEnded, pluginFailed(words, { vouch: true, changes: REVOKED })), [
      {
        cause: "V3",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl vouch login --server https://us.vouch.sh"],
      },
    ]);
  });

  it("warns while what is cached still works", () => {
    const [finding] = findingsOf(vouchSessionEnded, healthyVouchBundle(REVOKED)) ?? [];
    assert.deepEqual(
      [finding?.severity, finding?.summary],
      ["warning", "https://us.vouch.sh has ended the session; what is cached works for some minutes."],
    );
  });

  it("is silent when nobody asked the server, or it did not answer", () => {
    for (const serverProblem of [undefined, "us.vouch.sh refuses connections."]) {
      const { serverConfirms: _, serverProblem: __, ...asked } = REVOKED.vouch;
      const vouch = { ...asked, ...(serverProblem === undefined ? {} : { serverProblem }) };
      assert.deepEqual(
        confidences(vouchSessionEnded, pluginFailed("It broke.", { vouch: true, changes: { vouch } })),
        [],
      );
    }
  });
});
