import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import type { BindingVerdict } from "../../derive/authorization/rbac.ts";
import { type AccessRequest, knownValue, type RbacObjectJson } from "../../evidence/evidence.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { createBinding, createRole } from "../../fixes/rbac-actions.ts";
import { denialFinding } from "../shared/denial-finding.ts";

/** What the API server adds to a refusal when a role that a binding names is not there. */
const SAYS_MISSING = /RBAC: [^"\n]{0,300}"[^"\n]{0,300}" not found/;

export const rbacRoleMissing = defineLegacyRule({
  code: "rbac-role-missing",
  stage: "authorization",
  causes: ["R5"],
  expects: "every binding refers to a role that exists, as the kind that it is",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R5") return [];
    const [dangling] = refusal.authorization.bindings?.filter(({ lacks }) => lacks === "role-missing") ?? [];
    if (dangling === undefined) return [];
    const { binding, role, subject } = dangling;
    const items = knownValue(facts.evidence.rbac)?.items ?? [];
    const isSaid = facts.symptom?.kind === "forbidden" && SAYS_MISSING.test(facts.symptom.text);
    const [kind = "", name = ""] = role.split(" ");
    const namesakes = items.filter((item) => item.kind.endsWith("Role") && item.metadata.name === name);
    return [
      denialFinding(refusal, {
        confidence: isSaid || items.some((item) => item.kind === kind) ? "certain" : "likely",
        summary: `${binding} gives ${subject} the ${role}, and there is no such role.`,
        evidence: [
          `${binding} refers to ${role}.`,
          ...namesakes.map((item) => `There is a ${item.kind} ${name}${place(item)}.`),
          ...(isSaid ? ["The refusal itself says that the role was not found."] : []),
        ],
        fixes: [...recreate(dangling, namesakes), makeRole(dangling, refusal.attempt)],
        explains: ["R7"],
      }),
    ];
  },
});

function place({ metadata }: RbacObjectJson): string {
  return metadata.namespace === undefined ? "" : ` in namespace ${metadata.namespace}`;
}

function makeRole({ role, namespace }: BindingVerdict, attempt: AccessRequest): Fix {
  const [kind, name = ""] = role.split(" ");
  return {
    audience: "cluster-admin",
    description: `Make the ${role} with the right that is missed; add what else it was to have.`,
    actions: [createRole(name, attempt, kind === "Role" ? namespace : undefined)],
  };
}

/** A binding's roleRef cannot be changed: the binding is deleted and made anew. */
function recreate(
  { binding, namespace, subject }: BindingVerdict,
  namesakes: readonly RbacObjectJson[],
): Fix[] {
  const role = namesakes.find(
    ({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace,
  );
  const [subjectKind, ...subjectName] = subject.split(" ");
  if (role === undefined || (subjectKind !== "User" && subjectKind !== "Group")) return [];
  const name = binding.split(" ")[1]?.split("/").at(-1) ?? "BINDING";
  return [
    {
      audience: "cluster-admin",
      description: `Make the binding anew, with the ${role.kind} that exists.`,
      actions: [
        kubectl(
          `delete ${namespace === undefined ? "clusterrolebinding" : "rolebinding"}`,
          { n: namespace },
          name,
        ),
        createBinding({
          name,
          role: { kind: role.kind, name: role.metadata.name },
          subject: { kind: subjectKind, name: subjectName.join(" ") },
          namespace,
        }),
      ],
    },
  ];
}
