import { healthyBundle, NAMES_ADA, unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T4 = CLIENT_FAULTS.T4;
const refused = { exitCode: 1, stderr: "HTTP-Code: 401\nMessage: Unauthorized" };
const OTHER = { ...T4, client: { name: "javascript", version: "0.16.0" } };

testRule("client/client-ignores-exec", "T4", {
  certain: {
    "an anonymous call by a release that is known for it": {
      on: T4,
      commands: "pip install --upgrade 'kubernetes!=32.0.0'",
    },
    "another release, where kubectl gets in": OTHER,
  },
  likely: {
    "another release that nobody compared with kubectl": without(OTHER, "apiServer"),
    "by a 401 while the plugin's token is accepted": healthyBundle({
      client: { name: "javascript" },
      question: refused,
    }),
  },
  possible: {
    "by a 401 alone": {
      on: without(healthyBundle({ client: { name: "javascript" }, question: refused }), "apiServer"),
      inferred: true,
    },
  },
  notApplicable: {
    "kubectl, and a 403 that names somebody": [unauthorized(), { ...T4, question: NAMES_ADA }],
  },
});
