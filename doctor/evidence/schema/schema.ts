/** The part of JSON Schema (2020-12) that our documents use. */
export interface Schema {
  readonly type?: "string" | "number" | "boolean" | "object" | "array" | "null";
  readonly description?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** A field that may be left out. */
interface Optional {
  readonly optional: Schema;
}

/** Every field of `T`, and no other; `optional` exactly where `T` says so: the compiler keeps types and schemas alike. */
export type Fields<T> = {
  readonly [K in keyof Required<T>]: Record<never, never> extends Pick<T, K>
    ? Optional
    : undefined extends T[K]
      ? Optional
      : Schema;
};

export function optional(schema: Schema): Optional {
  return { optional: schema };
}

export function text(description?: string): Schema {
  return { type: "string", ...(description === undefined ? {} : { description }) };
}

export function number(description?: string): Schema {
  return { type: "number", ...(description === undefined ? {} : { description }) };
}

export function flag(description?: string): Schema {
  return { type: "boolean", ...(description === undefined ? {} : { description }) };
}

export function list(items: Schema, description?: string): Schema {
  return { type: "array", ...(description === undefined ? {} : { description }), items };
}

/** An object whose field names are data: variables, labels. */
export function mapOf(values: Schema, description?: string): Schema {
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    additionalProperties: values,
  };
}

/** JSON that nothing is asked of. */
export function anything(description: string): Schema {
  return { description };
}

/** One of these forms. */
export function either(description: string, ...anyOf: readonly Schema[]): Schema {
  return { description, anyOf };
}

/** An object of ours: what is no field of it is a mistake. */
export function closed<T>(description: string, fields: Fields<T>): Schema {
  return object(description, fields, false);
}

/** An object of AWS or Kubernetes, as they print it: what we do not read is let through. */
export function open<T>(description: string, fields: Fields<T>): Schema {
  return object(description, fields, true);
}

function object<T>(description: string, fields: Fields<T>, additionalProperties: boolean): Schema {
  const entries = Object.entries<Schema | Optional>(fields);
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
