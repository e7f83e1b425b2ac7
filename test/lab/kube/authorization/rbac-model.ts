import type { LabelSelector, PolicyRule, RbacBinding, RbacRole, RbacSubject } from "../../model.ts";

/** An RBAC object as JSON, from any source. */
interface RbacObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: unknown };
  readonly rules?: unknown;
  readonly aggregationRule?: unknown;
  readonly roleRef?: unknown;
  readonly subjects?: unknown;
}

/** A role as in the model. */
export function roleOf({ metadata, rules, aggregationRule }: RbacObject): RbacRole {
  const { name, namespace } = metadata;
  const labels = metadata.labels as Record<string, string> | undefined;
  const aggregation = aggregationRule as { clusterRoleSelectors?: LabelSelector[] } | undefined;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    rules: (rules ?? []) as PolicyRule[],
    ...(labels && { labels }),
    ...(aggregation && { aggregates: aggregation.clusterRoleSelectors ?? [] }),
  };
}

/** A binding as in the model. */
export function bindingOf({ metadata, subjects, ...object }: RbacObject): RbacBinding {
  const { name, namespace } = metadata;
  const roleRef = object.roleRef as RbacBinding["roleRef"];
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    roleRef: { kind: roleRef.kind, name: roleRef.name },
    subjects: ((subjects ?? []) as RbacSubject[]).map((subject) => ({
      kind: subject.kind,
      name: subject.name,
      ...(subject.namespace !== undefined && { namespace: subject.namespace }),
    })),
  };
}
