import { unauthorized } from "../../support/bundle.ts";
import { connectError, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const TRACEBACK =
  "Traceback (most recent call last):\n  File \"/usr/bin/aws\", line 23\nKeyError: 'credentialScope'\n";

testRule("plugin/plugin-crash", "K16", {
  certain: {
    "a plugin that crashes when it is run": {
      on: KUBECONFIG_FAULTS.K16,
      evidence: [
        "It exited with status 255 and printed: “ImportError: cannot import name 'docevents' from 'botocore.docs.bcdoc'”",
      ],
      commands: ["pipx install --force awscli", "aws --version"],
    },
  },
  likely: {
    "the plugin runs well now": stopped(
      `${TRACEBACK}${connectError("getting credentials: exec: executable aws failed with exit code 1")}`,
      { pluginRun: { exitCode: 0, stderr: "" } },
    ),
  },
  notApplicable: {
    "a traceback of the caller": unauthorized({
      question: { exitCode: 1, stderr: `${TRACEBACK}ApiException: (401)\nReason: Unauthorized` },
    }),
  },
  unknown: {
    "a plugin that is not found": { on: KUBECONFIG_FAULTS.K1, missing: "pluginRun" },
  },
});
