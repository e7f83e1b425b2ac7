import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectKind = defineNearMissRule({
  cause: "R6",
  expects: "bindings name users as User, groups as Group, service accounts with their namespace",
  describe: ({ meant, subject, verdict }) => ({
    summary:
      meant.kind === "ServiceAccount"
        ? `${verdict.binding} names ${subject.name} as a ${subject.kind}${subject.kind === meant.kind ? ` of namespace ${subject.namespace ?? "(none)"}` : ""}; the caller is service account ${meant.name} of namespace ${meant.namespace}.`
        : `${verdict.binding} names ${subject.name} as a ${subject.kind}; for the caller it is a ${meant.kind}.`,
  }),
});
