import { maskArguments, maskVariable } from "./mask-arguments.ts";
import { maskText } from "./mask-text.ts";
import { isSecretName, MASK } from "./secret-names.ts";

/** A copy of a JSON value without secrets: in fields named like secrets, `name` and `value` of variables, arguments, texts. */
export function maskJson<T>(value: T): T {
  return masked(value, "") as T;
}

function masked(value: unknown, field: string): unknown {
  if (typeof value === "string") return isSecretName(field) && value !== "" ? MASK : maskText(value);
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "string")
      ? maskList(value, field)
      : value.map((item) => masked(item, ""));
  }
  if (typeof value !== "object" || value === null) return value;
  const { name, value: content } = value as { name?: unknown; value?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "value" && typeof name === "string" && typeof content === "string"
        ? maskVariable(name, content)
        : masked(item, key),
    ]),
  );
}

function maskList(items: readonly string[], field: string): string[] {
  return isSecretName(field) ? items.map(() => MASK) : maskArguments(items);
}
