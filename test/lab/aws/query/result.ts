/** The content of a Query answer, written as XML or JSON. A member that is undefined is left away. */
export interface QueryResult {
  readonly [member: string]: QueryValue | undefined;
}

type QueryValue = string | number | boolean | Date | QueryResult | readonly QueryValue[];

export function toXml(result: QueryResult): string {
  return Object.entries(result)
    .map(([name, value]) => (value === undefined ? "" : `<${name}>${xmlValue(value)}</${name}>`))
    .join("");
}

/** Text for a Query answer in JSON: dates are seconds since 1970. */
export function toJson(result: QueryResult): unknown {
  return jsonValue(result);
}

export function xmlText(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");
}

function xmlValue(value: QueryValue): string {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+/, "");
  if (isList(value)) return value.map((item) => `<member>${xmlValue(item)}</member>`).join("");
  return typeof value === "object" ? toXml(value) : xmlText(String(value));
}

function jsonValue(value: QueryValue): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (isList(value)) return value.map(jsonValue);
  if (typeof value !== "object") return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, jsonValue(member as QueryValue)]));
}

function isList(value: QueryValue): value is readonly QueryValue[] {
  return Array.isArray(value);
}
