import { AWS_EXEC, healthyBundle, kubeconfigText, ROLE_ARN, unauthorized } from "../../support/bundle.ts";
import { files, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const LAB = kubeconfigText(AWS_EXEC);
const OTHER_USER =
  "users: [{name: lab, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token, --cluster-name, lab]}}}]\n";

testRule("kubeconfig/kubeconfig-shadowed-entry", "K8", {
  certain: {
    "the hidden cluster has the endpoint that EKS describes": {
      on: KUBECONFIG_FAULTS.K8,
      explains: ["K10", "K11", "K15", "N1", "N6", "E1"],
      commands: [
        "cp /work/kc-1 /work/kc-1-before",
        "kubectl config delete-cluster lab --kubeconfig=/work/kc-1",
      ],
    },
    "only the hidden user asks for a token of the cluster": {
      on: unauthorized(files(OTHER_USER.replace("--cluster-name, lab", "--cluster-name, old"), LAB)),
      commands: ["cp /work/kc-1 /work/kc-1-before", "kubectl config delete-user lab --kubeconfig=/work/kc-1"],
    },
    "only the role of the hidden user has an access entry": unauthorized(
      files(
        OTHER_USER.replace("lab]", "lab, --role, arn:aws:iam::111122223333:role/Leavers]"),
        LAB.replace("--output, json]", `--output, json, --role, ${ROLE_ARN}]`),
      ),
    ),
  },
  likely: {
    "a hidden user": { on: unauthorized(files(OTHER_USER, LAB)), inferred: true },
  },
  passed: {
    "two files with the same entry": unauthorized(files(LAB, LAB)),
    "a hidden entry of another context": unauthorized(
      files("users: [{name: x, user: {}}]\n", "users: [{name: x, user: {token: a}}]\n", LAB),
    ),
  },
  notApplicable: {
    "a context that works": healthyBundle(files(OTHER_USER, LAB)),
  },
});
