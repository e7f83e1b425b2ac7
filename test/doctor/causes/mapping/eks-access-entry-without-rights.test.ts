import {
  ENTRY_USERNAME,
  entry,
  healthyBundle,
  ROLE_ARN,
  USERNAME,
  unauthorized,
  without,
} from "../../support/bundle.ts";
import { forbidden, mappingFault, NEVER_TRIED, policies } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E5");
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const VIEW = "--policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const binding = {
  kind: "RoleBinding",
  metadata: { name: "ada", namespace: "web" },
  roleRef: { kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "User", name: USERNAME }],
};

testRule("mapping/eks-access-entry-without-rights", "E5", {
  certain: {
    "gives the entry the smallest policy for the attempt": {
      on: FAULT,
      commands: [
        `aws eks associate-access-policy ${place} ${VIEW} --access-scope type=namespace,namespaces=web`,
        `aws eks update-access-entry ${place} --kubernetes-groups vouch-dev --username '${ENTRY_USERNAME}'`,
        "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev",
      ],
    },
  },
  likely: {
    "finds it when nobody has tried, and then offers the least policy": {
      on: healthyBundle({ ...policies([]), ...NEVER_TRIED }),
      commands: [
        `aws eks associate-access-policy ${place} ${VIEW} --access-scope type=namespace,namespaces=web`,
        `aws eks update-access-entry ${place} --kubernetes-groups vouch-dev --username '${ENTRY_USERNAME}'`,
        "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev",
      ],
    },
    "is less sure when aws-auth or a binding may give rights, or who calls is open": (
      ["awsAuth", "environment", "cluster", "rbac", "client"] as const
    ).map((part) => without(FAULT, part)),
  },
  possible: {
    "the entry is described without its groups": {
      on: forbidden({
        accessEntryDetails: [{ accessEntry: { principalArn: ROLE_ARN, type: "STANDARD" } }],
        ...policies([]),
      }),
      inferred: true,
      evidence: [/^The denial is for user/, /^ListAssociated/, "The evidence does not include its groups."],
    },
  },
  passed: {
    "the entry has a group (R1)": forbidden({ ...entry({ kubernetesGroups: ["devs"] }), ...policies([]) }),
    "a policy with an empty list of namespaces has the whole cluster": forbidden(
      policies([
        {
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
          accessScope: { type: "cluster", namespaces: [] },
        },
      ]),
    ),
  },
  notApplicable: {
    "a binding names the very user": forbidden({ ...policies([]), rbac: { items: [binding] } }),
    "the refusal names another user": forbidden(policies([]), "dev:ada"),
    "the API server answers 401": unauthorized(policies([])),
  },
  unknown: {
    "policies are left out": {
      on: { ...FAULT, excerpts: ["associatedPolicies"] },
      missing: "associatedPolicies",
    },
    "the policies of another entry are none": {
      on: forbidden({ ...policies([], `${ROLE_ARN}Other`) }),
      missing: "associatedPolicies",
    },
    "the groups are not known": {
      on: forbidden({ ...policies([]), accessEntryDetails: [] }),
      missing: "accessEntryDetails",
    },
  },
});
