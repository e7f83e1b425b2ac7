import { isRecord } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";
import { formFor } from "../../evidence/read-evidence.ts";

/** One step of a query: into a field, into each item of a list or one of them, to some fields next to each other. */
type Step =
  | { readonly field: string }
  | { readonly each: true }
  | { readonly one: true }
  | { readonly several: readonly (readonly [name: string | undefined, steps: Query])[] };

/** A query of `--query` (JMESPath) or jq, as far as it only walks into fields and picks some of them. */
export type Query = readonly Step[];

export interface ReadQuery {
  readonly steps: Query;
  /** Whether it leaves out items of a list, by a filter or a number. */
  readonly isSelection: boolean;
}

/** What is longer or nested deeper is not read. */
const LONGEST = 500;
const DEEPEST = 5;

const NAME = /^(?:"[^"]{1,128}"|[A-Za-z_]\w{0,127})$/;

/** Reads a query; undefined for one that computes something. Source: jmespath.org, "Specification". */
export function readQuery(text: string, depth = 0): ReadQuery | undefined {
  const parts = text.length > LONGEST || depth > DEEPEST ? undefined : partsOf(text.trim());
  const read = parts?.map((part) => stepsOf(part, depth));
  if (read === undefined || read.length === 0 || read.some((one) => one === undefined)) return undefined;
  const known = read.flatMap((one) => one ?? []);
  const steps = known.flatMap((one) => one.steps);
  // A second list within a list is flattened, and nothing tells what belongs together.
  const isFlat = steps.filter((step) => "each" in step).length < 2;
  return isFlat ? { steps, isSelection: known.some(({ isSelection }) => isSelection) } : undefined;
}

/** `a.b[0].{c: d}` as `a`, `b`, `[0]`, `{c: d}`: cut at dots and brackets that are not within brackets or quotes. */
function partsOf(text: string): string[] | undefined {
  const pieces = cutAt(text, (char) => char === "." || char === "|", "[{");
  return pieces?.map((piece) => piece.trim()).filter((piece) => piece !== "");
}

/**
 * Cuts a text at signs that stand outside of brackets and quotes, and in front of a bracket of `before`. Undefined where brackets
 * do not match.
 */
function cutAt(text: string, isSign: (char: string) => boolean, before = ""): string[] | undefined {
  const pieces: string[] = [];
  let [start, depth, quote] = [0, 0, ""];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (/["'`]/.test(char)) quote = char;
    else if (depth === 0 && (isSign(char) || before.includes(char))) {
      pieces.push(text.slice(start, at));
      start = isSign(char) ? at + 1 : at;
      if (!isSign(char)) depth = 1;
    } else if (/[[{(]/.test(char)) depth += 1;
    else if (/[\]})]/.test(char)) depth -= 1;
    if (depth < 0) return undefined;
  }
  return depth === 0 && quote === "" ? [...pieces, text.slice(start)] : undefined;
}

function stepsOf(part: string, depth: number): ReadQuery | undefined {
  if (part === "@") return { steps: [], isSelection: false };
  if (NAME.test(part)) return { steps: [{ field: part.replaceAll('"', "") }], isSelection: false };
  const inner = part.slice(1, -1).trim();
  if (part.startsWith("[") && /^\*?$/.test(inner)) return { steps: [{ each: true }], isSelection: false };
  if (/^\[\?.*\]$/s.test(part)) return { steps: [{ each: true }], isSelection: true };
  if (/^\[-?\d{1,9}\]$/.test(part)) return { steps: [{ one: true }], isSelection: true };
  if (!/^(?:\[.*\]|\{.*\})$/s.test(part) || /^[-\d:]*$/.test(inner)) return undefined;
  const items = cutAt(inner, (char) => char === ",");
  const read = items?.map((item) => selectedField(item, part.startsWith("{"), depth));
  if (read === undefined || read.some((one) => one === undefined)) return undefined;
  const several = read.flatMap((one) => (one === undefined ? [] : [one]));
  return {
    steps: [{ several: several.map(([name, { steps }]) => [name, steps] as const) }],
    isSelection: several.some(([, { isSelection }]) => isSelection),
  };
}

/** `name: query` in braces, `query` in brackets. */
function selectedField(
  item: string,
  isNamed: boolean,
  depth: number,
): readonly [name: string | undefined, query: ReadQuery] | undefined {
  const [, name, rest] = isNamed ? (/^\s*"?([\w-]{1,128})"?\s*:(.*)$/s.exec(item) ?? []) : [];
  if (isNamed && name === undefined) return undefined;
  const query = readQuery(rest ?? item, depth + 1);
  return query && [name, query];
}

/** An answer such that the query makes the value of it: all that the value says about the whole. Undefined where it does not fit. */
export function answerBefore([step, ...rest]: Query, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (step === undefined) return value;
  if ("field" in step) {
    const inner = answerBefore(rest, value);
    return inner === undefined ? {} : { [step.field]: inner };
  }
  if ("each" in step) {
    if (!Array.isArray(value)) return undefined;
    return value.map((item) => answerBefore(rest, item));
  }
  if ("one" in step) return [answerBefore(rest, value)];
  const { several } = step;
  const fieldIn = (name: string | undefined, index: number) => {
    if (name !== undefined) return isRecord(value) ? value[name] : undefined;
    return Array.isArray(value) && value.length === several.length ? value[index] : undefined;
  };
  const found = several.map(([name, steps], index) => answerBefore(steps, fieldIn(name, index) ?? null));
  return rest.length === 0 ? found.reduce(merged, {}) : undefined;
}

/** Two answers as one: the fields of both. */
export function merged(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other === undefined ? one : other;
  const both = { ...one };
  for (const [name, value] of Object.entries(other)) both[name] = merged(one[name], value);
  return both;
}

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
