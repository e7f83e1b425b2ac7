import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacSubjectKind = defineNearMissRule({
  cause: "R6",
  expects: "bindings name users as User and groups as Group",
  describe: ({ meant, subject, verdict }) => ({
    summary: `${verdict.binding} names ${subject.name} as a ${subject.kind}; for the caller it is a ${meant.kind}.`,
  }),
});
