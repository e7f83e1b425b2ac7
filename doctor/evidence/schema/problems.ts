import { ownValue } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";

/** Where a value does not match its schema, one sentence each: `cluster.cluster.name: expected a string, found a number`. */
export function problemsOf(schema: Schema, value: unknown, path = ""): string[] {
  const at = path === "" ? "the document" : path;
  if (schema.anyOf !== undefined) return problemsOfChoice(schema.anyOf, value, path);
  if (schema.const !== undefined) {
    return value === schema.const
      ? []
      : [`${at}: expected ${JSON.stringify(schema.const)}, found ${say(value)}`];
  }
  if (schema.type !== undefined && schema.type !== typeOf(value)) {
    return [`${at}: expected ${NAMES[schema.type]}, found ${say(value)}${quoteIt(schema, value)}`];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) {
    return [`${at}: expected one of ${schema.enum.join(", ")}, found ${say(value)}`];
  }
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((item, index) => problemsOf(items, item, `${path}[${index}]`));
  }
  return isObject(value) ? problemsOfObject(schema, value, path) : [];
}

const NAMES: Readonly<Record<NonNullable<Schema["type"]>, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

function problemsOfObject(schema: Schema, value: Record<string, unknown>, path: string): string[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const dot = path === "" ? "" : `${path}.`;
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => `${dot}${name}: missing`);
  const others = Object.entries(value).flatMap(([name, field]) => {
    const known = ownValue(properties, name);
    if (known !== undefined) return problemsOf(known, field, `${dot}${name}`);
    if (additionalProperties === true) return [];
    if (additionalProperties !== false) return problemsOf(additionalProperties, field, `${dot}${name}`);
    return [`${dot}${name}: unknown field; known fields are ${Object.keys(properties).join(", ")}`];
  });
  return [...missing, ...others];
}

/** The problems with the form that was intended: of the right type, and for an object the one with most of its fields. */
function problemsOfChoice(choices: readonly Schema[], value: unknown, path: string): string[] {
  const tried = choices.map((schema) => ({ schema, problems: problemsOf(schema, value, path) }));
  if (tried.some(({ problems }) => problems.length === 0)) return [];
  const meant = tried
    .filter(({ schema }) => schema.type === typeOf(value) && isMeant(schema, value))
    .sort((a, b) => knownFields(b.schema, value) - knownFields(a.schema, value))[0];
  if (meant !== undefined) return meant.problems;
  const expected = choices.map(({ type }) => (type === undefined ? "anything" : NAMES[type]));
  return [
    `${path === "" ? "the document" : path}: expected ${[...new Set(expected)].join(" or ")}, found ${say(value)}`,
  ];
}

/** An object without any field of a closed form was not intended to have that form. */
function isMeant(schema: Schema, value: unknown): boolean {
  return schema.additionalProperties !== false || knownFields(schema, value) > 0;
}

function knownFields({ properties = {} }: Schema, value: unknown): number {
  return isObject(value) ? Object.keys(value).filter((name) => Object.hasOwn(properties, name)).length : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): Schema["type"] {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" || type === "object" ? type : undefined;
}

/** Never shows the value of a string, which can be a secret pasted in the wrong place. */
function say(value: unknown): string {
  const type = typeOf(value);
  return type === undefined ? "nothing" : NAMES[type];
}

/** In YAML an account id without quotes is a number. */
function quoteIt({ type }: Schema, value: unknown): string {
  return type === "string" && (typeof value === "number" || typeof value === "boolean")
    ? "; put it in quotes"
    : "";
}
