import type { ClassifiedDenial } from "../../derive/authorization/denial.ts";
import type { Facts } from "../../derive/facts.ts";
import type { BindingVerdict } from "../../eks/rbac/rbac.ts";
import { bindableSubject, bindFixes } from "../../fixes/binding-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { defineDenialRuleOn, describeBinding } from "../shared/denial-rule.ts";

export const rbacBindingNamespace = defineDenialRuleOn(
  ({ authorization }) => authorization.bindings?.find(isElsewhere),
  {
    cause: {
      id: "R4",
      what: "The binding is in a different namespace.",
      seen: "403 in this namespace only",
      remedy: "Cluster admin: bind the role in this namespace, or associate an access policy.",
      page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
    },
    expects: "the role with the permission is bound in the namespace where it is used",
    explains: ["R7", "P1"],
    describe: (denial, facts, first) => {
      const elsewhere = denial.authorization.bindings?.filter(isElsewhere) ?? [];
      const where = elsewhere.map((binding) => binding.namespace).join(", ");
      const { namespace } = denial.attempt;
      return {
        summary: `${first.role} is bound to ${first.subject} only in ${elsewhere.length === 1 ? "namespace" : "namespaces"} ${where}, not ${namespace === undefined ? "on the whole cluster" : `in ${namespace}`}.`,
        evidence: elsewhere.map(describeBinding),
        fixes: fixesFor(facts, denial, first),
      };
    },
  },
);

function isElsewhere({ lacks }: BindingVerdict): boolean {
  return lacks === "namespace";
}

/**
 * Binds the same role in this namespace as well. A Role exists only in its own namespace, so for the request a new one is
 * created.
 */
function fixesFor(
  facts: Facts,
  { attempt, authorization }: ClassifiedDenial,
  binding: BindingVerdict,
): Fix[] {
  const [kind = "", name = ""] = binding.role.split(" ");
  const subject = bindableSubject(binding, authorization.username);
  if (kind === "Role" || subject === undefined) return roleFixes(facts, attempt);
  return bindFixes(facts, attempt, { role: { kind, name }, subject, namespace: attempt.namespace });
}
