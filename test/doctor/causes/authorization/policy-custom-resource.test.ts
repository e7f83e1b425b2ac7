import { AUTHORIZATION_FAULTS, policy, refused, setGroups } from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("authorization/policy-custom-resource", "P5", {
  certain: {
    "grants it by RBAC": {
      on: AUTHORIZATION_FAULTS.P5,
      commands: ["kubectl apply -f vouch-servicemonitors-read.yaml", setGroups("vouch-servicemonitors-read")],
    },
    "takes these for nothing built in": [
      { group: "apiextensions.k8s.io", resource: "customresourcedefinitions" },
      { group: "gateway.networking.k8s.io", resource: "gateways" },
      { group: "snapshot.storage.k8s.io", resource: "volumesnapshots" },
    ].map((kind) => refused({ attempt: { verb: "list", ...kind }, associated: [policy("Admin")] })),
  },
  notApplicable: {
    "leaves what is built in, and metrics, to others": [
      { group: "storage.k8s.io", resource: "storageclasses" },
      { group: "rbac.authorization.k8s.io", resource: "clusterroles" },
      { group: "metrics.k8s.io", resource: "pods" },
    ].map((kind) => refused({ attempt: { verb: "list", ...kind }, associated: [policy("View")] })),
  },
});
