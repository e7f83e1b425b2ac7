import { AWS_EXEC, healthyBundle, kubeconfigText, unauthorized } from "../../support/bundle.ts";
import { files, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const PROD = "current-context: prod\ncontexts: [{name: prod, context: {cluster: prod, user: prod}}]\n";
const BOTH = files(kubeconfigText(AWS_EXEC), PROD);

testRule("kubeconfig/kubeconfig-current-context", "K7", {
  certain: {
    "update-kubeconfig has written a context that has no say": {
      on: KUBECONFIG_FAULTS.K7,
      commands: "kubectl config use-context prod",
    },
  },
  possible: {
    "nobody says which context was meant": { on: unauthorized(BOTH), inferred: true },
  },
  passed: {
    "files that agree": unauthorized(files(kubeconfigText(AWS_EXEC), "current-context: lab\n")),
    "a hidden context that does not exist": unauthorized(
      files(kubeconfigText(AWS_EXEC), "current-context: gone\n"),
    ),
  },
  notApplicable: {
    "a context that the command names": unauthorized({
      ...BOTH,
      question: { command: "kubectl --context=lab get po", stderr: "Unauthorized" },
    }),
    "a plugin that fails": healthyBundle({
      ...BOTH,
      question: { stderr: "getting credentials: exec: executable aws not found" },
    }),
  },
});
