import type { KubeObject } from "../../model.ts";
import { badRequest } from "./api-error.ts";

/** Whether an object fits `labelSelector` and `fieldSelector` of a list. */
export function selected(object: KubeObject, query: URLSearchParams): boolean {
  return (
    fitsLabels(labelsOf(object), query.get("labelSelector") ?? "") &&
    fitsFields(object, query.get("fieldSelector") ?? "")
  );
}

function labelsOf({ metadata }: KubeObject): Readonly<Record<string, string>> {
  return (metadata["labels"] ?? {}) as Record<string, string>;
}

/** `a=b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b)`. */
function fitsLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return splitOutsideParentheses(selector).every((requirement) => {
    const [, key = "", operator = "", list = ""] =
      /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement) ?? [];
    if (operator !== "") {
      const listed = list.split(",").some((value) => value.trim() === labels[key]);
      return operator === "in" ? listed : !listed;
    }
    if (requirement.startsWith("!")) return labels[requirement.slice(1)] === undefined;
    const [, name = "", sign = "", value = ""] = /^([^=!]+)(!=|==?)(.*)$/.exec(requirement) ?? [];
    if (sign === "") return labels[requirement] !== undefined;
    return (labels[name] === value) === (sign !== "!=");
  });
}

function splitOutsideParentheses(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Any path into the object; what is absent counts as empty. */
function fitsFields(object: KubeObject, selector: string): boolean {
  return selector
    .split(",")
    .filter((part) => part !== "")
    .every((requirement) => {
      const [, path = "", sign = "", value] = /^([^=!]+)(!=|==?)(.*)$/.exec(requirement) ?? [];
      if (sign === "") throw badRequest(`invalid field selector: ${requirement}`);
      return (fieldAt(object, path) === value) === (sign !== "!=");
    });
}

function fieldAt(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
  return value === undefined ? "" : String(value);
}
