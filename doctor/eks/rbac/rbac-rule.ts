import type { AccessRequest, RbacRuleJson } from "../../evidence/evidence.ts";

/** The API group of roles and bindings. */
export const RBAC = "rbac.authorization.k8s.io";

/**
 * Whether one of these rules grants an attempt. A `*` in resources covers subresources only as Kubernetes defines it: `*` is
 * everything, `pods` does not include `pods/log`, and a star with a slash and a subresource is that subresource of every
 * resource.
 *
 * Source: doctor/EKS-ACCESS.md, "RBAC".
 */
export function rulesAllow(rules: readonly RbacRuleJson[], attempt: AccessRequest): boolean {
  return rules.some((rule) => allows(rule, attempt));
}

/**
 * Whether a subject with this permission can give itself any other: writing to everything, or passing on permissions that it does
 * not have.
 *
 * Source: https://kubernetes.io/docs/concepts/security/rbac-good-practices/, "Privilege escalation risks".
 */
export function givesAll({ verb, group, resource, path }: AccessRequest): boolean {
  if (["get", "list", "watch"].includes(verb)) return false;
  if (path !== undefined) return path.includes("*");
  return resource === "*" || group === "*" || (group === RBAC && ["*", "bind", "escalate"].includes(verb));
}

/** Whether one of these rules grants any verb at all on what is attempted. */
export function rulesTouch(rules: readonly RbacRuleJson[], attempt: AccessRequest): boolean {
  return rules.some(({ verbs, ...rule }) =>
    allows({ verbs: verbs.length === 0 ? [] : [attempt.verb], ...rule }, attempt),
  );
}

function allows(rule: RbacRuleJson, attempt: AccessRequest): boolean {
  if (!includes(rule.verbs, attempt.verb)) return false;
  const { path } = attempt;
  if (path !== undefined) return (rule.nonResourceURLs ?? []).some((url) => coversPath(url, path));
  const names = rule.resourceNames ?? [];
  return (
    includes(rule.apiGroups, attempt.group ?? "") &&
    coversResource(rule.resources ?? [], attempt) &&
    (names.length === 0 || names.includes(attempt.name ?? ""))
  );
}

function includes(granted: readonly string[] | undefined, asked: string): boolean {
  return granted !== undefined && (granted.includes("*") || granted.includes(asked));
}

function coversResource(granted: readonly string[], { resource = "", subresource }: AccessRequest): boolean {
  if (subresource === undefined || subresource === "") return includes(granted, resource);
  return includes(granted, `${resource}/${subresource}`) || granted.includes(`*/${subresource}`);
}

/** Stars at the end stand for the rest of the path; other stars are literal. */
function coversPath(pattern: string, path: string): boolean {
  let end = pattern.length;
  while (pattern[end - 1] === "*") end -= 1;
  return end === pattern.length ? pattern === path : path.startsWith(pattern.slice(0, end));
}
