import { healthyBundle } from "../../support/bundle.ts";
import {
  connectError,
  KUBECONFIG_FAULTS,
  stopped,
  V1,
  V1ALPHA1,
  V1BETA1,
} from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

function differs(wanted: string, given: string): string {
  return connectError(
    `getting credentials: exec plugin is configured to use API version ${wanted}, plugin returned version ${given}`,
  );
}

testRule("plugin/plugin-version-mismatch", "K3", {
  certain: {
    "an old plugin, which only an upgrade helps": { on: KUBECONFIG_FAULTS.K3, commands: [] },
    "makes the kubeconfig ask for what a plugin of one version gives": {
      on: stopped(differs(V1BETA1, V1)),
      commands: `kubectl config set-credentials lab --exec-api-version=${V1} --exec-interactive-mode=IfAvailable`,
    },
    "a client that does not know the version of the answer": {
      on: stopped(
        connectError(
          `getting credentials: decoding stdout: no kind "ExecCredential" is registered for version "${V1ALPHA1}" in scheme "pkg/client/auth/exec/exec.go:62"`,
        ),
      ),
      summary: `aws should return a version that the client supports, but returns ${V1ALPHA1}.`,
    },
    "goes by running the plugin when nobody said how the call failed": stopped("", {
      question: {},
      pluginRun: { exitCode: 0, stderr: "", credential: { apiVersion: V1ALPHA1, hasToken: true } },
    }),
  },
  notApplicable: {
    "a client that sends no exec info": stopped(
      `Empty KUBERNETES_EXEC_INFO, defaulting to ${V1ALPHA1}\n${differs(V1BETA1, V1ALPHA1)}`,
    ),
    "a client that takes any version": healthyBundle({
      pluginRun: { exitCode: 0, stderr: "", credential: { apiVersion: V1, hasToken: true } },
    }),
  },
  unknown: {
    "an empty answer": {
      on: stopped(differs(V1, "client.authentication.k8s.io/__internal")),
      missing: "pluginRun",
    },
  },
});
