import { healthyVouchBundle, pluginFailed } from "../../support/bundle.ts";
import { vouch } from "../../support/credential-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const DOWN = vouch({ serverProblem: "us.vouch.sh refuses connections" });

testRule("credentials/vouch-server-unreachable", "V4", {
  certain: {
    "the plugin failed for it": {
      on: pluginFailed("us.vouch.sh refuses connections.", { vouch: true, changes: DOWN }),
      commands: "curl -sSv https://us.vouch.sh/health",
    },
  },
  likely: {
    "warns while what is cached still works": {
      on: healthyVouchBundle(DOWN),
      severity: "warning",
      summary: "The Vouch server https://us.vouch.sh does not respond; cached credentials still work.",
    },
  },
  notApplicable: {
    "it is the proxy on the way": healthyVouchBundle(
      vouch({
        serverProblem: "The proxy http://127.0.0.1:3128 of HTTPS_PROXY does not answer: connection refused.",
      }),
    ),
  },
  passed: {
    "it is another host that does not respond": pluginFailed(
      "sts.eu-west-1.amazonaws.com did not answer: the connection timed out.",
      { vouch: true },
    ),
  },
});
