import assert from "node:assert/strict";
import { vouchLoggedOut } from "../../../../doctor/rules/credentials/vouch-logged-out.ts";
import { vouchSessionExpired } from "../../../../doctor/rules/credentials/vouch-session-expired.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const ENDED = "The session of ada@example.com at https://us.vouch.sh ended at 11:00.";
const OVER = {
  vouch: {
    server: "https://us.vouch.sh",
    loggedIn: false,
    identity: "ada@example.com",
    sessionEnd: "2026-01-15T11:00:00Z",
  },
};

describe("vouch-session-expired", () => {
  it("compares the session's end with the time of the evidence", () => {
    const bundle = pluginFailed(ENDED, { vouch: true, changes: OVER });
    assert.deepEqual(verdicts(vouchSessionExpired, bundle), [
      {
        cause: "V2",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl vouch login --server https://us.vouch.sh"],
      },
    ]);
    assert.equal(
      findingsOf(vouchSessionExpired, bundle)?.[0]?.summary,
      "The session of ada@example.com at https://us.vouch.sh ended at 2026-01-15T11:00:00Z.",
    );
    assert.deepEqual(confidences(vouchLoggedOut, bundle), []);
  });

  it("believes the plugin's words alone", () => {
    const { vouch: _, ...bundle } = pluginFailed(ENDED, { vouch: true });
    assert.deepEqual(confidences(vouchSessionExpired, bundle), ["V2 certain"]);
  });

  it("is silent while there is time left, or the time of the evidence is unknown", () => {
    assert.deepEqual(confidences(vouchSessionExpired, pluginFailed("It broke.", { vouch: true })), []);
    const { gatheredAt: _, ...bundle } = pluginFailed("It broke.", { vouch: true, changes: OVER });
    assert.deepEqual(confidences(vouchSessionExpired, bundle), []);
  });
});
