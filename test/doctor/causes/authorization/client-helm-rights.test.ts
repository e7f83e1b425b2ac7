import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
  setGroups,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.T2;

testRule("authorization/client-helm-rights", "T2", {
  certain: {
    "gives Edit in the release's namespace": {
      on: FAULT,
      explains: ["P3", "P4", "R7"],
      commands: associate("Edit", "type=namespace,namespaces=web"),
    },
    "creates the namespace beforehand for --create-namespace": {
      on: refused({
        attempt: { verb: "create", group: "", resource: "namespaces" },
        associated: [policy("Edit", "shop")],
        command: "helm install shop ./shop -n shop --create-namespace",
        words: "Error: INSTALLATION FAILED: 1 error occurred:\n\t* %\n\n\n",
      }),
      commands: [
        "kubectl create namespace shop",
        "kubectl apply -f vouch-namespaces-create.yaml",
        setGroups("vouch-namespaces-create"),
      ],
    },
    "knows helm by its words": refused({
      attempt: { ...LIST_PODS, resource: "secrets" },
      associated: [policy("View")],
      command: "make deploy",
      words: "Error: query: failed to query with labels: %\n",
    }),
  },
  notApplicable: {
    "leaves kubectl's secrets alone (P4)": AUTHORIZATION_FAULTS.P4,
    "leaves helm in another namespace (P1) and custom resources (P5) alone": [
      { ...LIST_PODS, resource: "secrets", namespace: "ops" },
      { verb: "create", group: "monitoring.coreos.com", resource: "servicemonitors", namespace: "web" },
    ].map((attempt) =>
      refused({ command: "helm list -n ops", associated: [policy("Edit", "web")], attempt }),
    ),
  },
});
