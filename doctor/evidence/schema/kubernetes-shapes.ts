import type {
  AccessReviewJson,
  ConfigMapJson,
  RbacObjectJson,
  RbacRuleJson,
  SelfSubjectReviewJson,
} from "../evidence.ts";
import { anything, either, flag, list, mapOf, open, optional, text } from "./schema.ts";

export const CONFIG_MAP = open<ConfigMapJson>("The ConfigMap.", {
  data: optional(mapOf(text(), "`mapRoles`, `mapUsers`, `mapAccounts`: each a text in YAML.")),
  metadata: optional(mapOf(anything("Any JSON."), "Its metadata.")),
});

type UserInfo = SelfSubjectReviewJson["status"]["userInfo"];

export const SELF_SUBJECT_REVIEW = open<SelfSubjectReviewJson>("The review.", {
  status: open<SelfSubjectReviewJson["status"]>("Its answer.", {
    userInfo: open<UserInfo>("Who the API server takes the caller for.", {
      username: optional(text("User name.")),
      uid: optional(text("`aws-iam-authenticator:ACCOUNT:PRINCIPAL_ID`")),
      groups: optional(list(text(), "Groups.")),
      extra: optional(mapOf(list(text()), "`arn`, `canonicalArn`, `sessionName` and more.")),
    }),
  }),
});

type ResourceAttributes = NonNullable<AccessReviewJson["spec"]["resourceAttributes"]>;
type NonResourceAttributes = NonNullable<AccessReviewJson["spec"]["nonResourceAttributes"]>;

export const ACCESS_REVIEW = open<AccessReviewJson>("One SelfSubjectAccessReview.", {
  spec: open<AccessReviewJson["spec"]>("What was asked.", {
    resourceAttributes: optional(
      open<ResourceAttributes>("About a resource.", {
        verb: optional(text("Such as `list`.")),
        group: optional(text("API group; empty is the core one.")),
        resource: optional(text("Such as `pods`.")),
        subresource: optional(text("Such as `log`.")),
        namespace: optional(text("Empty or absent: all of them.")),
        name: optional(text("One object.")),
      }),
    ),
    nonResourceAttributes: optional(
      open<NonResourceAttributes>("About a path.", {
        path: optional(text("Such as `/metrics`.")),
        verb: optional(text("Such as `get`.")),
      }),
    ),
  }),
  status: open<AccessReviewJson["status"]>("What was answered.", {
    allowed: flag("Whether it may."),
    denied: optional(flag("Whether an authorizer denied it outright.")),
    reason: optional(text("Why.")),
    evaluationError: optional(text("What went wrong while it was decided.")),
  }),
});

const RBAC_RULE = open<RbacRuleJson>("One rule.", {
  verbs: list(text(), "Verbs."),
  apiGroups: optional(list(text(), "API groups.")),
  resources: optional(list(text(), "Resources, or `pods/log`.")),
  resourceNames: optional(list(text(), "Only these objects.")),
  nonResourceURLs: optional(list(text(), "Paths.")),
});

type Subject = NonNullable<RbacObjectJson["subjects"]>[number];
type Selector = NonNullable<NonNullable<RbacObjectJson["aggregationRule"]>["clusterRoleSelectors"]>[number];

export const RBAC_OBJECT = open<RbacObjectJson>("A role or a binding.", {
  kind: text("`ClusterRole`, `Role`, `ClusterRoleBinding` or `RoleBinding`."),
  metadata: open<RbacObjectJson["metadata"]>("Its name.", {
    name: text("Name."),
    namespace: optional(text("Namespace.")),
    labels: optional(mapOf(text(), "Labels, by which roles are aggregated.")),
  }),
  rules: optional(either("What a role allows.", list(RBAC_RULE), { type: "null" })),
  aggregationRule: optional(
    open<NonNullable<RbacObjectJson["aggregationRule"]>>("Which other roles it takes in.", {
      clusterRoleSelectors: optional(
        list(open<Selector>("One selector.", { matchLabels: optional(mapOf(text(), "Labels.")) })),
      ),
    }),
  ),
  roleRef: optional(
    open<NonNullable<RbacObjectJson["roleRef"]>>("Which role a binding gives.", {
      kind: text("`ClusterRole` or `Role`."),
      name: text("Its name."),
      apiGroup: optional(text("`rbac.authorization.k8s.io`")),
    }),
  ),
  subjects: optional(
    list(
      open<Subject>("Whom a binding gives it.", {
        kind: text("`User`, `Group` or `ServiceAccount`."),
        name: text("Name."),
        namespace: optional(text("Of a ServiceAccount.")),
        apiGroup: optional(text("`rbac.authorization.k8s.io`")),
      }),
    ),
  ),
});

type Namespace = { readonly metadata: { readonly name: string } };

export const NAMESPACE = open<Namespace>("A namespace.", {
  metadata: open<Namespace["metadata"]>("Its name.", { name: text("Name.") }),
});
