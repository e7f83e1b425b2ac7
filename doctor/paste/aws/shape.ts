import { isRecord } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";
import { formFor } from "../../evidence/read-evidence.ts";
import type { Query } from "./query.ts";

/** The schema of a field. */
export function fieldOf(schema: Schema | undefined, name: string): Schema | undefined {
  return formOf(schema, "object")?.properties?.[name];
}

/** The form of a schema with a type. */
export function formOf(schema: Schema | undefined, type: Schema["type"]): Schema | undefined {
  return schema && formFor(schema, type);
}

/** The schema of what a query makes of an answer. */
export function schemaAfter([step, ...rest]: Query, schema: Schema | undefined): Schema | undefined {
  if (step === undefined) return schema;
  if ("field" in step) return schemaAfter(rest, fieldOf(schema, step.field));
  if ("each" in step)
    return { type: "array", items: schemaAfter(rest, formOf(schema, "array")?.items) ?? {} };
  if ("one" in step) return schemaAfter(rest, formOf(schema, "array")?.items);
  const { several } = step;
  if (several.some(([name]) => name === undefined)) return { type: "array", items: {} };
  const fields = several.map(([name = "", steps]) => [name, schemaAfter(steps, schema) ?? {}] as const);
  return { type: "object", properties: Object.fromEntries(fields) };
}

/** An answer whose values are all words, as tables and lines have them, with the types of its schema. Python writes None and True. */
export function typed(value: unknown, schema: Schema | undefined): unknown {
  if (value === "None" || value === "null") return null;
  if (Array.isArray(value)) return value.map((item) => typed(item, formOf(schema, "array")?.items));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, typed(one, fieldOf(schema, name))]),
    );
  if (formOf(schema, "boolean") !== undefined) return /^true$/i.test(String(value));
  const isNumber = formOf(schema, "number") !== undefined && formOf(schema, "string") === undefined;
  return isNumber && /^\d{1,15}$/.test(String(value)) ? Number(value) : value;
}

/** An answer with its empty lists, which tables and lines leave out, in all that a query shows whole. */
export function withLists([step, ...rest]: Query, value: unknown, schema: Schema | undefined): unknown {
  const items = formOf(schema, "array")?.items;
  if (Array.isArray(value)) {
    const below = step === undefined ? [] : "field" in step ? undefined : rest;
    return below === undefined ? value : value.map((item) => withLists(below, item, items));
  }
  const { properties = {} } = formOf(schema, "object") ?? {};
  if (!isRecord(value) || (step !== undefined && !("field" in step))) return value;
  const lists = Object.keys(properties).filter((name) => formOf(properties[name], "array") !== undefined);
  const isShown = (name: string) => step === undefined || step.field === name;
  return {
    ...(step === undefined ? Object.fromEntries(lists.map((name) => [name, []])) : {}),
    ...Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        isShown(name) ? withLists(rest, one, properties[name]) : one,
      ]),
    ),
  };
}
