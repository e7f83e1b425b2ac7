import { healthyVouchBundle, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

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

testRule("credentials/vouch-session-ended", "V3", {
  certain: {
    "the server says so": {
      on: pluginFailed(
        "us.vouch.sh refused the request for an AWS ID token: the session is over or was revoked.",
        { vouch: true, changes: REVOKED },
      ),
      commands: "kubectl vouch login --server https://us.vouch.sh",
    },
    "warns while what is cached still works": {
      on: healthyVouchBundle(REVOKED),
      severity: "warning",
      summary: "https://us.vouch.sh has ended the session; cached credentials work for a few more minutes.",
    },
  },
  passed: {
    "nobody asked the server, or it did not answer": [
      {},
      { serverProblem: "us.vouch.sh refuses connections." },
    ].map((answer) => {
      const { serverConfirms: _, serverProblem: __, ...asked } = REVOKED.vouch;
      return pluginFailed("It broke.", { vouch: true, changes: { vouch: { ...asked, ...answer } } });
    }),
  },
});
