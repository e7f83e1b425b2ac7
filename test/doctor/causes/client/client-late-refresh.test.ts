import { unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T13 = CLIENT_FAULTS.T13;

testRule("client/client-late-refresh", "T13", {
  likely: {
    "an end that is named too late, once the call works": {
      on: T13,
      evidence: [
        "expirationTimestamp is 2026-01-15T12:30:00Z, but the token expires at 2026-01-15T12:15:00.000Z.",
        "k9s had been running for 60 minutes.",
        "A fresh token is now accepted.",
      ],
      commands: [],
    },
    "a plugin that names no end": {
      ...T13,
      pluginRun: { exitCode: 0, stderr: "", credential: { apiVersion: V1BETA1, hasToken: true } },
    },
  },
  passed: {
    "a call that never recovers": unauthorized({ client: { name: "k9s", runSeconds: 3600 } }),
  },
  unknown: {
    "the token is not known": { on: without(T13, "token"), missing: "token" },
  },
});
