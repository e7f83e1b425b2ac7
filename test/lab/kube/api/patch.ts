import { parse } from "yaml";
import { ApiError, badRequest } from "./api-error.ts";

type Json = unknown;
type JsonObject = Record<string, Json>;

/**
 * Applies a patch by its content type. Strategic merge is merge patch, plus: lists of named objects merge by name,
 * and directives (`$patch`, `$setElementOrder/…`, `$retainKeys`) are obeyed or dropped. Server-side apply is merge:
 * there is no field ownership in the lab.
 */
export function applyPatch(target: Json, contentType: string, text: string): Json {
  switch (contentType) {
    case "application/merge-patch+json":
      return mergePatch(target, parseJson(text));
    case "application/strategic-merge-patch+json":
      return strategicMerge(target, parseJson(text));
    case "application/apply-patch+yaml":
      return strategicMerge(target, parse(text) as Json);
    case "application/json-patch+json":
      return jsonPatch(target, parseJson(text) as JsonPatchStep[]);
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

interface JsonPatchStep {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** RFC 6902. */
function jsonPatch(target: Json, steps: readonly JsonPatchStep[]): Json {
  let result = structuredClone(target);
  for (const step of steps) {
    switch (step.op) {
      case "test":
        if (JSON.stringify(valueAt(result, step.path)) !== JSON.stringify(step.value)) {
          throw unprocessable(`testing value ${step.path} failed`);
        }
        break;
      case "add":
        result = put(result, step.path, step.value);
        break;
      case "replace":
        valueAt(result, step.path);
        result = put(remove(result, step.path), step.path, step.value);
        break;
      case "remove":
        result = remove(result, step.path);
        break;
      case "move":
      case "copy": {
        const moved = valueAt(result, step.from ?? "");
        if (step.op === "move") result = remove(result, step.from ?? "");
        result = put(result, step.path, moved);
        break;
      }
      default:
        throw unprocessable(`Unexpected kind: ${step.op}`);
    }
  }
  return result;
}

function pointer(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(target: Json, path: string): Json {
  return pointer(path).reduce((value, key) => {
    const container = value as JsonObject | undefined;
    if (container === null || typeof container !== "object" || !(key in container)) throw missing(path);
    return container[key];
  }, target);
}

function put(target: Json, path: string, value: Json): Json {
  const keys = pointer(path);
  const last = keys.pop();
  if (last === undefined) return value;
  const container = containerAt(target, keys, path);
  if (!Array.isArray(container)) container[last] = value;
  else container.splice(last === "-" ? container.length : Number(last), 0, value);
  return target;
}

function remove(target: Json, path: string): Json {
  valueAt(target, path);
  const keys = pointer(path);
  const last = keys.pop() ?? "";
  const container = containerAt(target, keys, path);
  if (Array.isArray(container)) container.splice(Number(last), 1);
  else delete container[last];
  return target;
}

function containerAt(target: Json, keys: readonly string[], path: string): JsonObject | Json[] {
  const container = keys.reduce<Json>((value, key) => (value as JsonObject | undefined)?.[key], target);
  if (container === null || typeof container !== "object") throw missing(path);
  return container as JsonObject | Json[];
}

function missing(path: string): ApiError {
  return unprocessable(
    `the server rejected our request due to an error in our request: missing path: ${path}`,
  );
}

function unprocessable(message: string): ApiError {
  return new ApiError(422, "Invalid", message);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
