import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { ClassifiedDenial } from "../../derive/authorization/denial.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { BindingVerdict } from "../../eks/rbac/rbac.ts";
import { rbacOf } from "../../eks/rbac/rbac-index.ts";
import { givesAll } from "../../eks/rbac/rbac-rule.ts";
import { type AccessRequest, knownValue, type RbacObjectJson } from "../../evidence/evidence.ts";
import { aloneFixes, bindableSubject, bindFixes } from "../../fixes/binding-fixes.ts";
import { type CreateBinding, type Fix, forClusterAdmin, orElse } from "../../fixes/fix.ts";
import { createBinding, createRole } from "../../fixes/rbac-actions.ts";
import { describeDenial } from "../shared/denial-rule.ts";
import { suspectedDenial } from "../shared/suspected.ts";

/** What the API server adds to a denial if a role in a binding does not exist. */
const SAYS_MISSING = /RBAC: [^"\n]{0,300}"[^"\n]{0,300}" not found/;

export const rbacRoleMissing = defineRule({
  cause: {
    id: "R5",
    what: "The binding refers to a role that does not exist.",
    seen: "403 despite a binding",
    remedy: "Cluster admin: create the role that the binding refers to, or correct the binding.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
  },
  expects: "every binding refers to an existing role of the right kind",
  needs: ["denial"],
  check({ denial }, seen) {
    const { bindings } = denial.authorization;
    const binding = bindings?.find(({ lacks }) => lacks === "role-missing");
    if (denial.causeId !== "R5" || binding === undefined)
      return doesNotApply(`the request is denied for a different reason (${denial.causeId})`);
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
          summary: `${binding.binding} grants ${binding.subject} the ${binding.role}, which does not exist.`,
          evidence: [
            `${binding.binding} refers to ${binding.role}.`,
            ...namesakes.map((item) => `There is a ${item.kind} ${name}${place(item)}.`),
            isSaid && "The API server reports that the role was not found.",
          ],
          fixes: fixes(facts, denial, { verdict: binding, namesakes }),
        }),
    });
  },
  suspected: {
    forbidden: suspectedDenial(["R5"], ({ attempt, facts: { symptom } }) => {
      const said = symptom?.kind === "forbidden" ? SAYS_ROLE_MISSING.exec(symptom.text) : null;
      if (said === null) return undefined;
      const [words, kind = "", name = ""] = said;
      return {
        summary: `A binding grants the caller ${kind} ${name}, which does not exist.`,
        hints: [`The API server reports “${words}”.`],
        confirmedBy: sentence`${kubectl(`get ${kind}`, { n: kind === "role" ? attempt.namespace : undefined }, name)} does not find it.`,
      };
    }),
  },
});

function place({ metadata }: RbacObjectJson): string {
  return metadata.namespace === undefined ? "" : ` in namespace ${metadata.namespace}`;
}

interface MissingRole {
  readonly verdict: BindingVerdict;
  /** Other roles with the name of the missing one. */
  readonly namesakes: readonly RbacObjectJson[];
}

/** All subjects bound to the role would get its permissions, so a fix for the caller alone comes first. */
function fixes(facts: Facts, { attempt, authorization }: ClassifiedDenial, missing: MissingRole): Fix[] {
  const { verdict, namesakes } = missing;
  const { namespace } = verdict;
  const make = makeRole(facts, verdict, attempt);
  const subject = bindableSubject(verdict, authorization.username);
  if (subject === undefined) return [make];
  const item = namesakes.find(
    ({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace,
  );
  const role = item && { kind: item.kind, name: item.metadata.name };
  if (role !== undefined && isShared(facts, verdict))
    return [...bindFixes(facts, attempt, { role, subject, namespace }), orElse(make)];
  const alone = aloneFixes(facts, attempt);
  return [
    ...alone,
    ...(role === undefined ? [] : [recreate(verdict, { role, subject, namespace })]),
    make,
  ].map((fix, index) => (index < Math.max(alone.length, 1) ? fix : orElse(fix)));
}

function makeRole(facts: Facts, { role, namespace }: BindingVerdict, attempt: AccessRequest): Fix {
  const [kind, name = ""] = role.split(" ");
  const bound = bindingsTo(facts, { kind, name }).flatMap(({ subjects = [] }) => subjects);
  const all = [...new Set(bound.map((subject) => `${subject.kind} ${subject.name}`))];
  return forClusterAdmin(
    `Create ${role} with the missing permission, and add any others that it should have; ${all.join(", ")} ${all.length === 1 ? "is" : "are"} bound to it.`,
    ...(givesAll(attempt) ? [] : [createRole(name, attempt, kind === "Role" ? namespace : undefined)]),
  );
}

function bindingsTo(
  { evidence }: Facts,
  { kind, name }: { readonly kind: string | undefined; readonly name: string },
) {
  return (rbacOf(evidence)?.bindings ?? []).filter(
    ({ roleRef }) => roleRef?.kind === kind && roleRef?.name === name,
  );
}

/** Whether the binding has subjects besides the caller. */
function isShared(facts: Facts, verdict: BindingVerdict): boolean {
  const [kind, name = ""] = verdict.role.split(" ");
  const own = bindingsTo(facts, { kind, name }).find(
    ({ metadata }) => metadata.name === nameOf(verdict) && metadata.namespace === verdict.namespace,
  );
  return (own?.subjects ?? []).length > 1;
}

function nameOf({ binding }: BindingVerdict): string {
  return binding.split(" ")[1]?.split("/").at(-1) ?? "BINDING";
}

/** A binding's roleRef cannot be changed, so the binding is deleted and recreated. */
function recreate(verdict: BindingVerdict, binding: Omit<CreateBinding, "kind" | "name">): Fix {
  const name = nameOf(verdict);
  const resource = binding.namespace === undefined ? "clusterrolebinding" : "rolebinding";
  return forClusterAdmin(
    `Recreate the binding with the existing ${binding.role.kind}.`,
    kubectl(`delete ${resource}`, { n: binding.namespace }, name),
    createBinding({ name, ...binding }),
  );
}

/** Source: Kubernetes, RBAC authorizer, errors of rule resolution. */
const SAYS_ROLE_MISSING =
  /RBAC: (clusterrole|role)\.rbac\.authorization\.k8s\.io "([^"\n]{1,300})" not found/;
