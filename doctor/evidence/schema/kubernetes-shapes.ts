import { anything, either, flag, list, mapOf, nothing, open, optional, text } from "../../../token/schema.ts";

export const CONFIG_MAP = open("The ConfigMap.", {
  data: optional(mapOf(text(), "`mapRoles`, `mapUsers`, `mapAccounts`: each a string that contains YAML.")),
  metadata: optional(mapOf(anything("Any JSON."), "Metadata of the ConfigMap.")),
});

export const SELF_SUBJECT_REVIEW = open("The review.", {
  status: open("Status of the review.", {
    userInfo: open("The caller, as the API server identifies them.", {
      username: optional(text("Kubernetes username.")),
      uid: optional(text("`aws-iam-authenticator:ACCOUNT:PRINCIPAL_ID`")),
      groups: optional(list(text(), "Kubernetes groups.")),
      extra: optional(mapOf(list(text()), "`arn`, `canonicalArn`, `sessionName` and more.")),
    }),
  }),
});

export const ACCESS_REVIEW = open("One SelfSubjectAccessReview.", {
  spec: open("The request that was reviewed.", {
    resourceAttributes: optional(
      open("A request for a resource.", {
        verb: optional(text("Verb, such as `list`.")),
        group: optional(text("API group; empty for the core group.")),
        resource: optional(text("Resource, such as `pods`.")),
        subresource: optional(text("Subresource, such as `log`.")),
        namespace: optional(text("Namespace; if empty or absent, all namespaces.")),
        name: optional(text("Name of one object.")),
      }),
    ),
    nonResourceAttributes: optional(
      open("A request for a path.", {
        path: optional(text("Path, such as `/metrics`.")),
        verb: optional(text("Verb, such as `get`.")),
      }),
    ),
  }),
  status: open("Result of the review.", {
    allowed: flag("Whether the request is allowed."),
    denied: optional(flag("Whether an authorizer explicitly denied the request.")),
    reason: optional(text("Reason for the result.")),
    evaluationError: optional(text("Errors that occurred while the request was evaluated.")),
  }),
  as: optional(text("User that the kubeconfig impersonates, if the review is about that user.")),
});

export const RBAC_RULE = open("One RBAC rule.", {
  verbs: list(text(), "Verbs that the rule allows."),
  apiGroups: optional(list(text(), "API groups of the resources.")),
  resources: optional(list(text(), "Resources, with a subresource as in `pods/log`.")),
  resourceNames: optional(list(text(), "Names of the objects, if the rule is limited to them.")),
  nonResourceURLs: optional(list(text(), "Paths that the rule allows.")),
});

export const LABEL_SELECTOR = open("One label selector.", {
  matchLabels: optional(mapOf(text(), "Labels that must match.")),
  matchExpressions: optional(
    list(
      open("One condition on a label.", {
        key: text("Key of the label."),
        operator: text("`In`, `NotIn`, `Exists` or `DoesNotExist`."),
        values: optional(either("Values of the label.", list(text()), nothing)),
      }),
    ),
  ),
});

export const RBAC_KINDS = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"] as const;

export const RBAC_OBJECT = open("A role or a binding.", {
  kind: text("`ClusterRole`, `Role`, `ClusterRoleBinding` or `RoleBinding`."),
  metadata: open("Metadata of the object.", {
    name: text("Name of the object."),
    namespace: optional(text("Namespace of the object.")),
    labels: optional(mapOf(text(), "Labels, by which roles are aggregated.")),
    creationTimestamp: optional(
      either(
        "When the object was created. If present, the object comes from a cluster, so the rules of aggregated roles are complete.",
        text(),
        nothing,
      ),
    ),
  }),
  rules: optional(either("Rules of a role.", list(RBAC_RULE), nothing)),
  aggregationRule: optional(
    open("Which other roles the role aggregates.", {
      clusterRoleSelectors: optional(list(LABEL_SELECTOR)),
    }),
  ),
  roleRef: optional(
    open("Role that a binding grants.", {
      kind: text("`ClusterRole` or `Role`."),
      name: text("Name of the role."),
      apiGroup: optional(text("`rbac.authorization.k8s.io`")),
    }),
  ),
  subjects: optional(
    list(
      open("A subject to which a binding grants the role.", {
        kind: text("`User`, `Group` or `ServiceAccount`."),
        name: text("Name of the subject."),
        namespace: optional(text("Namespace of a ServiceAccount.")),
        apiGroup: optional(text("`rbac.authorization.k8s.io`")),
      }),
    ),
  ),
});

export const NAMESPACE = open("A namespace.", {
  metadata: open("Metadata of the namespace.", { name: text("Name of the namespace.") }),
});
