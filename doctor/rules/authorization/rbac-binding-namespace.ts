import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { type ClassifiedDenial, classifyDenial } from "../../derive/authorization/classified-denial.ts";
import type { BindingVerdict } from "../../derive/authorization/rbac.ts";
import type { Facts } from "../../derive/facts.ts";
import { bindFix, bindingName } from "../../fixes/binding-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { roleFix } from "../../fixes/grant-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacBindingNamespace = defineLegacyRule({
  code: "rbac-binding-namespace",
  stage: "authorization",
  causes: ["R4"],
  expects: "the role that has the right is bound in the namespace where it is used",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    const elsewhere = refusal?.authorization.bindings?.filter(({ lacks }) => lacks === "namespace") ?? [];
    const [first] = elsewhere;
    if (refusal?.causeId !== "R4" || first === undefined) return [];
    const { namespace } = refusal.attempt;
    const where = elsewhere.map((binding) => binding.namespace).join(", ");
    return [
      denialFinding(refusal, {
        summary: `${first.role} is bound to ${first.subject} in namespace ${where} only, not ${namespace === undefined ? "on the whole cluster" : `in ${namespace}`}.`,
        evidence: elsewhere.map(({ binding, role, subject }) => `${binding} gives ${role} to ${subject}.`),
        fixes: [fixFor(facts, refusal, first)],
        explains: ["R7", "P1"],
      }),
    ];
  },
});

/** The same role here as well. A Role exists only in its own namespace, so the attempt gets one of its own. */
function fixFor(facts: Facts, { attempt }: ClassifiedDenial, { role, subject }: BindingVerdict): Fix {
  const [kind = "", name = ""] = role.split(" ");
  const [subjectKind, ...subjectName] = subject.split(" ");
  if (kind === "Role" || (subjectKind !== "User" && subjectKind !== "Group")) return roleFix(facts, attempt);
  return bindFix({
    name: bindingName(name),
    role: { kind, name },
    subject: { kind: subjectKind, name: subjectName.join(" ") },
    namespace: attempt.namespace,
  });
}
