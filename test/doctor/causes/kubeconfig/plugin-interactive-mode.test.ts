import {
  connectError,
  edited,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  V1BETA1,
  vouchExec,
} from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ASK = "kubectl config set-credentials lab --exec-interactive-mode=IfAvailable";

testRule("kubeconfig/plugin-interactive-mode", "K4", {
  certain: {
    "v1 without a mode": {
      on: KUBECONFIG_FAULTS.K4,
      commands: [ASK, `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`],
    },
    "goes by the kubeconfig when nobody said how the call failed": stopped("", {
      question: {},
      ...vouchExec((text) => text.replace(/interactiveMode.*\n/, "")),
    }),
    "sees a plugin that wants a terminal where there is none": {
      on: stopped(
        connectError(
          "getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal",
        ),
      ),
      commands: ASK,
    },
  },
  passed: {
    "v1beta1 without a mode": stopped("", { question: {} }),
  },
  notApplicable: {
    "a client that ignores it": stopped("", {
      question: {},
      client: { name: "python" },
      ...edited([V1BETA1, V1]),
    }),
  },
});
