import { healthyBundle } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS, stopped, V1ALPHA1, V1BETA1 } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ASK_BETA = `kubectl config set-credentials lab --exec-api-version=${V1BETA1}`;
const OLD = edited([V1BETA1, V1ALPHA1]);
const STDERR =
  "Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1. Run 'aws eks update-kubeconfig' to update.";

testRule("kubeconfig/plugin-api-version", "K2", {
  certain: {
    "v1alpha1 when the client refuses it": {
      on: KUBECONFIG_FAULTS.K2,
      commands: [
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ASK_BETA,
      ],
    },
    "sees a client that is too old for v1": {
      on: stopped('error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1"\n', {
        client: { name: "terraform" },
      }),
      summary: /^terraform does not support .*, client\.authentication\.k8s\.io\/v1\.$/,
      commands: ASK_BETA,
    },
    "goes by the kubeconfig when nobody said how the call failed": stopped("", { question: {}, ...OLD }),
    "a missing apiVersion, which no client takes": {
      on: [{ name: "kubectl" }, { name: "kubectl", version: "v1.23.17" }].map((client) =>
        stopped("", {
          question: {},
          ...edited([`apiVersion: ${V1BETA1}\n      command`, "command"]),
          client,
        }),
      ),
      summary: "The exec block does not specify an apiVersion.",
    },
  },
  likely: {
    "goes by the kubeconfig, for a kubectl of unknown version": stopped("", {
      question: {},
      ...OLD,
      client: { name: "kubectl" },
    }),
  },
  passed: {
    "a kubectl before 1.24, for which v1alpha1 is fine": stopped("", {
      question: {},
      ...OLD,
      client: { name: "kubectl", version: "v1.23.17" },
    }),
    "the plugin's line that v1alpha1 is deprecated": stopped(`${STDERR}\nerror: boom`),
  },
  notApplicable: {
    "v1alpha1 where the call works": healthyBundle({ ...OLD, pluginRun: { exitCode: 0, stderr: STDERR } }),
  },
});
