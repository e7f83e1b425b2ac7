import { pluginFailed, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const ENDED = "The session of ada@example.com at https://us.vouch.sh ended at 11:00.";
const OVER = {
  vouch: {
    server: "https://us.vouch.sh",
    loggedIn: false,
    identity: "ada@example.com",
    sessionEnd: "2026-01-15T11:00:00Z",
  },
};

testRule("credentials/vouch-session-expired", "V2", {
  certain: {
    "compares the session's end with the time of the evidence": {
      on: pluginFailed(ENDED, { vouch: true, changes: OVER }),
      summary:
        "The Vouch session of ada@example.com with https://us.vouch.sh expired at 2026-01-15T11:00:00Z.",
      commands: "kubectl vouch login --server https://us.vouch.sh",
    },
    "believes the plugin's words alone": without(pluginFailed(ENDED, { vouch: true }), "vouch"),
  },
});
