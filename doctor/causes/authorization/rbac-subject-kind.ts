import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectKind = defineNearMissRule({
  cause: {
    id: "R6",
    what: "The subject of the binding has the wrong kind, or its namespace is missing.",
    seen: "403 despite a binding",
    remedy:
      "Cluster admin: correct the kind of the subject (User, Group, ServiceAccount with its namespace).",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
  },
  // A user, or an account in a different namespace, can have the same short name as the caller's.
  confidence: (_, { meant, subject: { kind, name, namespace } }) => {
    const isSure = name !== meant.name || (kind === "ServiceAccount" && namespace === undefined);
    return meant.kind === "ServiceAccount" && !isSure ? "likely" : "certain";
  },
  expects: "bindings list users as User, groups as Group, and service accounts with their namespace",
  describe: ({ meant, subject: { kind, name, namespace }, verdict: { binding } }) => {
    if (meant.kind !== "ServiceAccount")
      return { summary: `${binding} lists ${name} as a ${kind}, but for the caller it is a ${meant.kind}.` };
    const where =
      kind !== meant.kind
        ? ""
        : namespace === undefined
          ? " without a namespace"
          : ` in namespace ${namespace}`;
    return {
      summary: `${binding} lists ${name} as a ${kind}${where}, but the caller is service account ${meant.name} in namespace ${meant.namespace}.`,
    };
  },
});
