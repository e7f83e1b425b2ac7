import { unauthorized } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T5 = CLIENT_FAULTS.T5;
const endless = { exitCode: 0, stderr: "", credential: { apiVersion: V1BETA1, hasToken: true } };
const client = { name: "dashboard", runSeconds: 5400 };

testRule("client/client-token-outlived", "T5", {
  certain: {
    "a kept token while a fresh one is accepted": { on: T5, commands: [] },
  },
  likely: {
    "nobody knows whether a fresh one is": { ...T5, apiServer: { failed: "not asked" } },
    "a plugin that names no end": { on: unauthorized({ client, pluginRun: endless }), inferred: true },
  },
  passed: {
    "a plugin that names an end": unauthorized({ client }),
    "a process that recovers": { ...T5, client, pluginRun: endless },
  },
  notApplicable: {
    "a process of unknown age": { ...T5, client: { name: "x", configuration: "BearerToken" } },
    "Terraform, whose token is another cause": {
      ...T5,
      client: { ...client, name: "terraform", configuration: "token = x" },
    },
  },
});
