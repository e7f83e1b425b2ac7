import { isRecord } from "../../../token/record.ts";

/**
 * Writes values as YAML that readers of version 1.1 (kubectl) and 1.2 understand alike: every string that either could take for
 * something else is quoted.
 */

/** Begins like a word, a flag or a path, so it is no number; holds nothing that has a meaning in YAML. */
const PLAIN = /^(?:--|\/)?[A-Za-z](?:[\w./+=@:-]*[\w/+=-])?$/;

/** Words that YAML 1.1 takes for a boolean or for nothing. Source: yaml.org/type/bool.html and /null.html, version 1.1. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Not allowed raw, or a line break to a YAML 1.1 reader, though JSON leaves them as they are. */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/** A value in one line, in JSON's notation except for plain words. */
export function inlineText(value: unknown): string {
  if (typeof value === "string") return PLAIN.test(value) && !RESERVED.test(value) ? value : quoted(value);
  return flowText(value);
}

/** A value in JSON's notation, for inside `{}` and `[]`. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (isRecord(value)) return `{${Object.entries(value).map(flowPair).join(", ")}}`;
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

/** `"key": value` for inside `{}`. */
export function flowPair([key, value]: readonly [string, unknown]): string {
  return `${quoted(key)}: ${flowText(value)}`;
}

/** A map or list that is not empty, one line per entry, each line indented by `indent` spaces. */
export function blockLines(value: object, indent: number): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent));
  return Object.entries(value).flatMap((pair) => pairLines(pair, indent));
}

/** `key: value`, in as many lines as it takes. */
export function pairLines([key, value]: readonly [string, unknown], indent: number): string[] {
  const head = `${" ".repeat(indent)}${inlineText(key)}:`;
  if (!isFilled(value)) return [`${head} ${inlineText(value)}`];
  return [head, ...blockLines(value, Array.isArray(value) ? indent : indent + 2)];
}

/** `- value`, in as many lines as it takes. */
export function itemLines(value: unknown, indent: number): string[] {
  const dash = `${" ".repeat(indent)}- `;
  if (!isFilled(value)) return [`${dash}${inlineText(value)}`];
  const [first = "", ...rest] = blockLines(value, indent + 2);
  return [dash + first.slice(indent + 2), ...rest];
}

/** A non-empty map or list, which block style can show. */
export function isFilled(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
