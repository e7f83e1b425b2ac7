import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T10 = CLIENT_FAULTS.T10;

testRule("client/client-no-exec-info", "T10", {
  certain: {
    "by the plugin's own line, and explains that the versions differ": {
      on: T10,
      explains: ["K3"],
      commands: ["helm version --short", `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`],
    },
  },
  notApplicable: {
    "an old plugin": { ...T10, question: { stderr: "getting credentials: boom" } },
    "the line where the call works": healthyBundle({ question: { ...T10.question, exitCode: 0 } }),
  },
});
