import { parse } from "yaml";
import { ApiError, badRequest } from "./api-error.ts";

type Json = unknown;
type JsonObject = Record<string, Json>;

/**
 * Applies a patch by its content type. Strategic merge is merge patch, plus: lists of named objects merge by name,
 * and directives (`$patch`, `$setElementOrder/…`, `$retainKeys`) are obeyed or dropped. Server-side apply is merge:
 * there is no field ownership in the lab. JSON patches are refused: nothing sends them.
 */
export function applyPatch(target: Json, contentType: string, text: string): Json {
  switch (contentType) {
    case "application/merge-patch+json":
      return mergePatch(target, parseJson(text));
    case "application/strategic-merge-patch+json":
      return strategicMerge(target, parseJson(text));
    case "application/apply-patch+yaml":
      return strategicMerge(target, parse(text) as Json);
    default:
      throw new ApiError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
      );
  }
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw badRequest(`error decoding request body: ${(error as Error).message}`);
  }
}

/** RFC 7386. */
function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function strategicMerge(target: Json, patch: Json): Json {
  if (Array.isArray(patch)) return mergeLists(target, patch);
  if (!isObject(patch)) return patch;
  const replaces = patch["$patch"] === "replace";
  const result: JsonObject = isObject(target) && !replaces ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    if (value === null) delete result[key];
    else result[key] = strategicMerge(result[key], value);
  }
  return result;
}

/** Lists of elements with names are merged by name; others are replaced. */
function mergeLists(target: Json, patch: readonly Json[]): Json[] {
  if (!Array.isArray(target) || !patch.every((item) => isObject(item) && typeof item["name"] === "string")) {
    return patch.filter((item) => !(isObject(item) && item["$patch"] === "delete"));
  }
  const result: Json[] = [...target];
  for (const item of patch as JsonObject[]) {
    const at = result.findIndex((existing) => isObject(existing) && existing["name"] === item["name"]);
    if (item["$patch"] === "delete") result.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) result.push(strategicMerge({}, item));
    else result[at] = strategicMerge(result[at], item);
  }
  return result;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
