import type { PolicyRule } from "../../model.ts";
import type { KubeUser } from "../authentication/kube-identity.ts";
import { pathMatches } from "./rule-match.ts";

/**
 * Why somebody may not hand out these rules: what they do not hold themselves, in the API server's words; undefined
 * when they hold all. `held` are the rules RBAC gives them: rights from access policies do not count.
 *
 * Source: doctor/EKS-ACCESS.md, "RBAC"; Kubernetes, RBAC reference, "Privilege escalation
 * prevention".
 */
export function escalation(
  user: KubeUser,
  held: readonly PolicyRule[],
  given: readonly PolicyRule[],
): string | undefined {
  const missing = given.flatMap(atoms).filter((atom) => !held.some((rule) => covers(rule, atom)));
  if (missing.length === 0) return undefined;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(" ");
  const lines = [...new Set(compact(missing).map(describe))].sort();
  return `user ${JSON.stringify(user.username)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${lines.join("\n")}`;
}

/** Every single right in a rule: one verb on one resource of one group (and name), or on one path. */
function atoms(rule: PolicyRule): PolicyRule[] {
  const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
  const onResources = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((name) => ({
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const onPaths = (rule.nonResourceURLs ?? []).flatMap((url) =>
    rule.verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })),
  );
  return [...onResources, ...onPaths];
}

function covers(held: PolicyRule, atom: PolicyRule): boolean {
  const has = (granted: readonly string[] | undefined, [one = ""]: readonly string[] = []) =>
    granted?.includes("*") || granted?.includes(one) || false;
  if (!has(held.verbs, atom.verbs)) return false;
  const [path] = atom.nonResourceURLs ?? [];
  if (path !== undefined) return (held.nonResourceURLs ?? []).some((url) => pathMatches(url, path));
  const [resource = ""] = atom.resources ?? [];
  const [, subresource] = resource.split("/");
  return (
    has(held.apiGroups, atom.apiGroups) &&
    (has(held.resources, [resource]) ||
      (subresource !== undefined && held.resources?.includes(`*/${subresource}`) === true)) &&
    (!held.resourceNames?.length ||
      (atom.resourceNames !== undefined && held.resourceNames.includes(atom.resourceNames[0] ?? "")))
  );
}

/** Rights that differ only in their verb become one line. */
function compact(missing: readonly PolicyRule[]): PolicyRule[] {
  const byTarget = new Map<string, PolicyRule>();
  for (const { verbs, ...target } of missing) {
    const key = target.nonResourceURLs ? JSON.stringify({ verbs, ...target }) : JSON.stringify(target);
    byTarget.set(key, { ...target, verbs: [...(byTarget.get(key)?.verbs ?? []), ...verbs] });
  }
  return [...byTarget.values()];
}

function describe(rule: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const quote = (list: readonly string[]) => list.map((item) => JSON.stringify(item)).join(" ");
  return `{${parts.flatMap(([label, list]) => (list?.length ? [`${label}:[${quote(list)}]`] : [])).join(", ")}}`;
}
