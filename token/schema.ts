/**
 * The part of JSON Schema (2020-12) that our documents use. A schema knows the type it describes (`TypeOf`), so that types,
 * validation and pages have one source.
 */
export interface Schema<T = unknown> {
  readonly type?: "string" | "number" | "boolean" | "object" | "array" | "null";
  readonly description?: string;
  readonly format?: "date-time";
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  /** For the compiler only; it is never set. */
  readonly describes?: T;
}

/** The type that a schema describes. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** A field that may be left out. */
export interface Optional<T = unknown> {
  readonly optional: Schema<T>;
}

export type Fields = Readonly<Record<string, Schema | Optional>>;
type Object<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends Optional ? never : K]: TypeOf<F[K]> } & {
    readonly [K in keyof F as F[K] extends Optional ? K : never]?: F[K] extends Optional<infer T> ? T : never;
  }
>;
type Flat<T> = { [K in keyof T]: T[K] };

export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** A field of a document of ours that is left out if its value is undefined. */
export function maybe<T>(schema: Schema<T>): Optional<T | undefined> {
  return { optional: schema as Schema<T | undefined> };
}

export function text(description?: string): Schema<string> {
  return { type: "string", ...described(description) };
}

/** A point in time, in RFC 3339 and UTC: `2026-01-15T12:00:00Z`. */
export function time(description: string): Schema<string> {
  return { type: "string", format: "date-time", description };
}

export function number(description?: string): Schema<number> {
  return { type: "number", ...described(description) };
}

export function flag(description?: string): Schema<boolean> {
  return { type: "boolean", ...described(description) };
}

export const nothing: Schema<null> = { type: "null" };

/** Exactly this text. */
export function constant<const T extends string>(value: T, description: string): Schema<T> {
  return { const: value, description };
}

/** One of these texts. */
export function oneOf<const T extends string>(values: readonly T[], description: string): Schema<T> {
  return { type: "string", enum: values, description };
}

export function list<T>(items: Schema<T>, description?: string): Schema<readonly T[]> {
  return { type: "array", ...described(description), items };
}

/** An object whose field names are data: variables, labels. */
export function mapOf<T>(values: Schema<T>, description?: string): Schema<Readonly<Record<string, T>>> {
  return { type: "object", ...described(description), additionalProperties: values };
}

/** Any JSON. */
export function anything(description: string): Schema {
  return { description };
}

/** One of these forms. */
export function either<const S extends readonly Schema[]>(
  description: string | undefined,
  ...anyOf: S
): Schema<TypeOf<S[number]>> {
  return { ...described(description), anyOf } as Schema<TypeOf<S[number]>>;
}

/** An object of ours: other fields are mistakes. */
export function closed<F extends Fields>(description: string, fields: F): Schema<Object<F>> {
  return object(description, fields, false);
}

/** An object as AWS or Kubernetes prints it: other fields are allowed. */
export function open<F extends Fields>(description: string, fields: F): Schema<Object<F>> {
  return object(description, fields, true);
}

function object<F extends Fields>(
  description: string,
  fields: F,
  additionalProperties: boolean,
): Schema<Object<F>> {
  const entries = Object.entries(fields);
  return {
    type: "object",
    description,
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, "optional" in field ? field.optional : field]),
    ),
    required: entries.flatMap(([name, field]) => ("optional" in field ? [] : [name])),
    additionalProperties,
  };
}

function described(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
