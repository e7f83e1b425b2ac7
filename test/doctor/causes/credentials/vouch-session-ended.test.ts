import { healthyVouchBundle, pluginFailed } from "../../support/bundle.ts";
import { vouch } from "../../support/credential-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const REVOKED = vouch({ serverConfirms: false, serverProblem: "the session is over or was revoked" });

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
    ].map((answer) => pluginFailed("It broke.", { vouch: true, changes: vouch(answer) })),
  },
});
