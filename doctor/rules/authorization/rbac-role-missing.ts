import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { BindingVerdict } from "../../derive/authorization/rbac.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { type AccessRequest, knownValue, type RbacObjectJson } from "../../evidence/evidence.ts";
import { bindableSubject } from "../../fixes/binding-fixes.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { createBinding, createRole } from "../../fixes/rbac-actions.ts";
import { describeDenial } from "../shared/denial-rule.ts";

/** What the API server adds to a denial when a role that a binding names is not there. */
const SAYS_MISSING = /RBAC: [^"\n]{0,300}"[^"\n]{0,300}" not found/;

export const rbacRoleMissing = defineRule({
  causes: ["R5"],
  expects: "every binding refers to an existing role of the right kind",
  needs: ["denial"],
  reads: ["symptom", "rbac"],
  check({ denial }, seen) {
    const { bindings } = denial.authorization;
    const binding = bindings?.find(({ lacks }) => lacks === "role-missing");
    if (denial.causeId !== "R5" || binding === undefined)
      return doesNotApply(`the request is denied for another reason (${denial.causeId})`);
    const items = knownValue(seen.evidence.rbac)?.items ?? [];
    const [kind = "", name = ""] = binding.role.split(" ");
    const { symptom } = seen;
    const isSaid = symptom?.kind === "forbidden" && SAYS_MISSING.test(symptom.text);
    const isProven = isSaid || items.some((item) => item.kind === kind);
    const namesakes = items.filter((item) => item.kind.endsWith("Role") && item.metadata.name === name);
    return found({
      confidence: minConfidence(denial.confidence, isProven ? "certain" : "likely"),
      explains: ["R7"],
      describe: (facts) =>
        describeDenial(denial, facts, {
          summary: `${binding.binding} gives ${binding.subject} the ${binding.role}, and there is no such role.`,
          evidence: [
            `${binding.binding} refers to ${binding.role}.`,
            ...namesakes.map((item) => `There is a ${item.kind} ${name}${place(item)}.`),
            isSaid && "The API server says that the role was not found.",
          ],
          fixes: [
            ...recreate(binding, namesakes, denial.authorization.username),
            makeRole(binding, denial.attempt),
          ],
        }),
    });
  },
});

function place({ metadata }: RbacObjectJson): string {
  return metadata.namespace === undefined ? "" : ` in namespace ${metadata.namespace}`;
}

function makeRole({ role, namespace }: BindingVerdict, attempt: AccessRequest): Fix {
  const [kind, name = ""] = role.split(" ");
  return forClusterAdmin(
    `Create the ${role} with the missing right, and add what else it should have.`,
    createRole(name, attempt, kind === "Role" ? namespace : undefined),
  );
}

/** A binding's roleRef cannot be changed: the binding is deleted and recreated. */
function recreate(
  verdict: BindingVerdict,
  namesakes: readonly RbacObjectJson[],
  username: string | undefined,
): Fix[] {
  const { binding, namespace } = verdict;
  const role = namesakes.find(
    ({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace,
  );
  const subject = bindableSubject(verdict, username);
  if (role === undefined || subject === undefined) return [];
  const name = binding.split(" ")[1]?.split("/").at(-1) ?? "BINDING";
  const kind = namespace === undefined ? "clusterrolebinding" : "rolebinding";
  return [
    forClusterAdmin(
      `Recreate the binding with the ${role.kind} that exists.`,
      kubectl(`delete ${kind}`, { n: namespace }, name),
      createBinding({ name, role: { kind: role.kind, name: role.metadata.name }, subject, namespace }),
    ),
  ];
}
