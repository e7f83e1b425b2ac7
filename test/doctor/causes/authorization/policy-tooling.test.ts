import { AUTHORIZATION_FAULTS, policy, refused, setGroups } from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const WANTED = {
  attempt: { verb: "patch", group: "", resource: "nodes", name: "ip-10-0-1-7" },
  associated: [policy("Edit")],
};

const needed = (group: string, resource: string, subresource?: string) =>
  refused({
    attempt: {
      verb: "patch",
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      namespace: "web",
    },
    associated: [policy("Admin", "web")],
  });

testRule("authorization/policy-tooling", "P13", {
  certain: {
    "grants evictions on the whole cluster, for drain": {
      on: AUTHORIZATION_FAULTS.P13,
      commands: ["kubectl apply -f vouch-pods-eviction-create.yaml", setGroups("vouch-pods-eviction-create")],
      text: /^kind: ClusterRoleBinding$/m,
    },
    "knows what kubectl top needs": {
      on: needed("metrics.k8s.io", "pods"),
      summary: /^kubectl top needs to patch /,
    },
    "knows what kubectl debug needs": {
      on: needed("", "pods", "ephemeralcontainers"),
      summary: /^kubectl debug needs to patch /,
    },
    "knows what kubectl create token needs": {
      on: needed("", "serviceaccounts", "token"),
      summary: /^kubectl create token needs to patch /,
    },
    "knows what leader election needs": {
      on: needed("coordination.k8s.io", "leases"),
      summary: /^Leader election needs to patch /,
    },
    "takes nodes for its own when the command drains": refused({
      ...WANTED,
      command: "kubectl cordon ip-10-0-1-7",
    }),
  },
  notApplicable: {
    "leaves nodes to the cluster scope (P3)": refused(WANTED),
  },
});
