import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  policy,
  refused,
} from "../../support/authorization-faults.ts";
import { healthyBundle, ROLE_ARN, USERNAME, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const ADMIN = { Arn: "arn:aws:sts::111122223333:assumed-role/Admin/root" };
const SEEN = { status: { userInfo: { username: USERNAME, groups: ["system:authenticated"] } } };
const FAULT = AUTHORIZATION_FAULTS.P1;
const OFFLINE = {
  ...FAULT,
  question: { attempt: { ...LIST_PODS, namespace: "payments" } },
  apiServer: { failed: "offline" },
  accessReviews: { failed: "offline" },
  selfSubjectReview: { failed: "offline" },
};

testRule("authorization/policy-scope-namespace", "P1", {
  certain: {
    "associates the policy again with the complete list": {
      on: FAULT,
      summary: `${ROLE_ARN} can list pods in web, team-* but not in payments.`,
      commands: associate("View", "'type=namespace,namespaces=web,team-*,payments'"),
    },
    "says that a namespace in the scope does not exist": {
      on: refused({ attempt: LIST_PODS, associated: [policy("View", "wbe")] }),
      summary: "No access policy covers namespace web (associated: AmazonEKSViewPolicy on namespace wbe).",
      evidence: [
        `The API server does not allow "${USERNAME}" to list pods in namespace web.`,
        `The cluster identifies the caller as user "${USERNAME}" in group system:authenticated.`,
        "Associated access policies: AmazonEKSViewPolicy on namespace wbe.",
        "The scope includes wbe, but this namespace does not exist.",
      ],
    },
    "takes the smallest policy, not the one that is out of scope": {
      on: refused({ attempt: LIST_PODS, associated: [policy("Admin", "ops")] }),
      commands: associate("View", "type=namespace,namespaces=web"),
    },
    "judges somebody else by their entry, whatever the caller's own call says": healthyBundle({
      question: { principal: ROLE_ARN, attempt: { ...LIST_PODS, namespace: "payments" } },
      callerIdentity: { ...ADMIN, Account: "111122223333", UserId: "AROAOTHER:root" },
      rbac: { items: [binding("Group ops")] },
    }),
  },
  likely: {
    "knows from policies and RBAC alone that it would be denied": [
      { ...OFFLINE, rbac: { items: [binding("Group ops")] } },
      OFFLINE,
    ],
    "is less sure when a review says yes": {
      ...FAULT,
      accessReviews: [
        { spec: { resourceAttributes: { ...LIST_PODS, namespace: "payments" } }, status: { allowed: true } },
      ],
    },
  },
  possible: {
    "knows it from policies alone": { ...OFFLINE, rbac: { failed: "Forbidden" } },
  },
  notApplicable: {
    "leaves wildcards, the cluster's scope, secrets and impersonation to others": [
      AUTHORIZATION_FAULTS.P2,
      AUTHORIZATION_FAULTS.P3,
      AUTHORIZATION_FAULTS.P4,
      AUTHORIZATION_FAULTS.P7,
    ],
    "has nothing to say when the denial names a node (L8)": refused({
      attempt: LIST_PODS,
      associated: [policy("View", "ops")],
      user: "system:node:ip-10-0-1-7",
      changes: { selfSubjectReview: SEEN },
    }),
    "does not mind namespaces: [] of a scope on the whole cluster": refused({
      attempt: { ...LIST_PODS, verb: "delete" },
      associated: [policy("View")],
    }),
  },
  unknown: {
    "the policies are not known": { on: without(FAULT, "associatedPolicies"), missing: "associatedPolicies" },
  },
});
