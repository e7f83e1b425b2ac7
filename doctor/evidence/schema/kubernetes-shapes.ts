import { anything, either, flag, list, mapOf, nothing, open, optional, text } from "../../../token/schema.ts";

export const CONFIG_MAP = open("The ConfigMap.", {
  data: optional(mapOf(text(), "`mapRoles`, `mapUsers`, `mapAccounts`: each a text in YAML.")),
  metadata: optional(mapOf(anything("Any JSON."), "Its metadata.")),
});

export const SELF_SUBJECT_REVIEW = open("The review.", {
  status: open("Its answer.", {
    userInfo: open("Who the API server takes the caller for.", {
      username: optional(text("User name.")),
      uid: optional(text("`aws-iam-authenticator:ACCOUNT:PRINCIPAL_ID`")),
      groups: optional(list(text(), "Groups.")),
      extra: optional(mapOf(list(text()), "`arn`, `canonicalArn`, `sessionName` and more.")),
    }),
  }),
});

export const ACCESS_REVIEW = open("One SelfSubjectAccessReview.", {
  spec: open("What was asked.", {
    resourceAttributes: optional(
      open("About a resource.", {
        verb: optional(text("Such as `list`.")),
        group: optional(text("API group; empty is the core one.")),
        resource: optional(text("Such as `pods`.")),
        subresource: optional(text("Such as `log`.")),
        namespace: optional(text("Empty or absent: all of them.")),
        name: optional(text("One object.")),
      }),
    ),
    nonResourceAttributes: optional(
      open("About a path.", {
        path: optional(text("Such as `/metrics`.")),
        verb: optional(text("Such as `get`.")),
      }),
    ),
  }),
  status: open("What was answered.", {
    allowed: flag("Whether it may."),
    denied: optional(flag("Whether an authorizer denied it outright.")),
    reason: optional(text("Why.")),
    evaluationError: optional(text("Errors while the request was evaluated.")),
  }),
  as: optional(text("User that the kubeconfig impersonates, if the review was about that user.")),
});

export const RBAC_RULE = open("One rule.", {
  verbs: list(text(), "Verbs."),
  apiGroups: optional(list(text(), "API groups.")),
  resources: optional(list(text(), "Resources, or `pods/log`.")),
  resourceNames: optional(list(text(), "Only these objects.")),
  nonResourceURLs: optional(list(text(), "Paths.")),
});

export const LABEL_SELECTOR = open("One selector.", {
  matchLabels: optional(mapOf(text(), "Labels.")),
  matchExpressions: optional(
    list(
      open("One condition.", {
        key: text("Name of a label."),
        operator: text("`In`, `NotIn`, `Exists` or `DoesNotExist`."),
        values: optional(either("Its values.", list(text()), nothing)),
      }),
    ),
  ),
});

export const RBAC_OBJECT = open("A role or a binding.", {
  kind: text("`ClusterRole`, `Role`, `ClusterRoleBinding` or `RoleBinding`."),
  metadata: open("Its name.", {
    name: text("Name."),
    namespace: optional(text("Namespace.")),
    labels: optional(mapOf(text(), "Labels, by which roles are aggregated.")),
    creationTimestamp: optional(
      either(
        "When it was created. If a cluster gave it, the rules of aggregated roles are complete.",
        text(),
        nothing,
      ),
    ),
  }),
  rules: optional(either("What a role allows.", list(RBAC_RULE), nothing)),
  aggregationRule: optional(
    open("Which other roles it aggregates.", {
      clusterRoleSelectors: optional(list(LABEL_SELECTOR)),
    }),
  ),
  roleRef: optional(
    open("Which role a binding gives.", {
      kind: text("`ClusterRole` or `Role`."),
      name: text("Its name."),
      apiGroup: optional(text("`rbac.authorization.k8s.io`")),
    }),
  ),
  subjects: optional(
    list(
      open("Who gets the role by a binding.", {
        kind: text("`User`, `Group` or `ServiceAccount`."),
        name: text("Name."),
        namespace: optional(text("Of a ServiceAccount.")),
        apiGroup: optional(text("`rbac.authorization.k8s.io`")),
      }),
    ),
  ),
});

export const NAMESPACE = open("A namespace.", {
  metadata: open("Its name.", { name: text("Name.") }),
});
