import type { PolicyRule } from "../../model.ts";
import { type Attributes, isPath, type ResourceAttributes } from "./attributes.ts";

/** Whether an RBAC rule grants this. Source: Kubernetes, RBAC reference, "Referring to resources". */
export function ruleAllows(rule: PolicyRule, asked: Attributes): boolean {
  if (!matches(rule.verbs, asked.verb)) return false;
  if (isPath(asked)) return (rule.nonResourceURLs ?? []).some((url) => pathMatches(url, asked.path));
  return (
    matches(rule.apiGroups, asked.group) &&
    resourceMatches(rule.resources, asked) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(asked.name))
  );
}

/** A `*` at the end stands for the rest of the path. */
export function pathMatches(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, "")));
}

function matches(granted: readonly string[] | undefined, asked: string): boolean {
  return granted !== undefined && (granted.includes("*") || granted.includes(asked));
}

function resourceMatches(granted: readonly string[] = [], { resource, subresource }: ResourceAttributes) {
  if (subresource === "") return matches(granted, resource);
  return matches(granted, `${resource}/${subresource}`) || granted.includes(`*/${subresource}`);
}
