import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  policy,
  refused,
  role,
  setGroups,
} from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const BY_OIDC = AUTHORIZATION_FAULTS.R8;
const OIDC_USER = "https://id.example.com#ada";
const BIND_OIDC_USER = `kubectl create rolebinding vouch-view -n web --clusterrole=view --user '${OIDC_USER}'`;
const FAULT = AUTHORIZATION_FAULTS.R1;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

/** A binding of a group that is nearly the caller's. */
const nearly = (written: string) => ({
  on: refused({ attempt: LIST_PODS, groups: ["developers", "ops"], rbac: [binding(`Group ${written}`)] }),
  commands: [
    setGroups(written, "ops"),
    associate("View", "type=namespace,namespaces=web"),
    "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers",
  ],
});

testRule("authorization/rbac-group-unbound", "R1", {
  certain: {
    "binds the service account of a pod": {
      on: refused({
        attempt: LIST_PODS,
        user: "system:serviceaccount:ci:runner",
        groups: ["system:serviceaccounts", "system:serviceaccounts:ci"],
      }),
      summary: "No binding refers to service account runner in namespace ci or any of its groups.",
      commands: "kubectl create rolebinding vouch-view -n web --clusterrole=view --serviceaccount=ci:runner",
    },
    "binds the group to the smallest built-in role": {
      on: FAULT,
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --group=developers",
      ],
      description: /^Associate AmazonEKSViewPolicy, scoped to namespace web;/,
    },
    "binds a role of its own for what no built-in role has": {
      on: refused({
        attempt: { verb: "list", group: "cert-manager.io", resource: "certificates", namespace: "web" },
        groups: ["developers"],
      }),
      commands: [
        "kubectl apply -f vouch-certificates-read.yaml",
        setGroups("developers", "vouch-certificates-read"),
      ],
    },
    "does not take Kubernetes' own bindings of all who log in for one of the group": refused({
      ...DEVELOPERS,
      rbac: [
        role("system:basic-user", []),
        binding("Group system:authenticated", {
          to: "ClusterRole system:basic-user",
          name: "system:basic-user",
        }),
      ],
    }),
  },
  likely: {
    "binds the group that OIDC gives, which no access entry can change": {
      on: { ...BY_OIDC, rbac: { items: [] } },
      commands: [
        BIND_OIDC_USER,
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --group=oidc:developers",
      ],
    },
    "binds a user of OIDC who is in no group": {
      on: {
        ...BY_OIDC,
        rbac: { items: [] },
        selfSubjectReview: {
          status: { userInfo: { username: OIDC_USER, groups: ["system:authenticated"] } },
        },
      },
      summary: `No binding refers to user "${OIDC_USER}", who is not in any group.`,
      commands: BIND_OIDC_USER,
    },
    "a service account, known by the refusal alone": without(
      refused({ attempt: LIST_PODS, user: "system:serviceaccount:ci:runner" }),
      "selfSubjectReview",
      "callerIdentity",
    ),
    "corrects the group on the entry when a binding has it as Developers": nearly("Developers"),
    "corrects the group on the entry when a binding has it as developer": nearly("developer"),
    "corrects the group on the entry when a binding has it as develpers": nearly("develpers"),
    "corrects the group on the entry when a binding has it as dev-elopers": nearly("dev-elopers"),
  },
  notApplicable: {
    "leaves a bound group (R7), a policy (P1), another's group and an entry without groups (E5) alone": [
      { ...DEVELOPERS, rbac: [role("empty", []), binding("Group developers", { to: "ClusterRole empty" })] },
      { ...DEVELOPERS, associated: [policy("View", "ops")] },
      { attempt: LIST_PODS },
    ].map((wanted) => refused(wanted)),
  },
  unknown: {
    "RBAC is not known": { on: without(FAULT, "rbac"), missing: "rbac" },
    "the groups are not known": {
      on: without(FAULT, "selfSubjectReview", "accessEntryDetails"),
      missing: ["accessEntryDetails", "selfSubjectReview"],
    },
  },
});
