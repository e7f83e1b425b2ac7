import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectKind = defineNearMissRule({
  causes: [
    {
      id: "R6",
      what: "The subject of the binding is of the wrong kind, or lacks its namespace.",
      seen: "403 though bound",
    },
  ],
  // A user, or an account of another namespace, may have the same short name as the caller's.
  confidence: (_, { meant, subject: { kind, name, namespace } }) => {
    const isSure = name !== meant.name || (kind === "ServiceAccount" && namespace === undefined);
    return meant.kind === "ServiceAccount" && !isSure ? "likely" : "certain";
  },
  expects: "bindings name users as User, groups as Group, service accounts with their namespace",
  describe: ({ meant, subject: { kind, name, namespace }, verdict: { binding } }) => {
    if (meant.kind !== "ServiceAccount")
      return { summary: `${binding} names ${name} as a ${kind}; for the caller it is a ${meant.kind}.` };
    const where =
      kind !== meant.kind ? "" : namespace === undefined ? " of no namespace" : ` of namespace ${namespace}`;
    return {
      summary: `${binding} names ${name} as a ${kind}${where}; the caller is service account ${meant.name} of namespace ${meant.namespace}.`,
    };
  },
});
