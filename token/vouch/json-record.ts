import { isRecord } from "../record.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The JSON object in a text, or undefined when the text is anything else. */
export function jsonRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The member as text, or undefined when it is absent, empty or something else. */
export function textMember(record: JsonRecord | undefined, name: string): string | undefined {
  const value = record?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The member as an object, or undefined when it is anything else. */
export function recordMember(record: JsonRecord | undefined, name: string): JsonRecord | undefined {
  const value = record?.[name];
  return isRecord(value) ? value : undefined;
}
