import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";

const FOLDER = path.resolve(import.meta.dirname, "..", "..", "plugin", "schemas");

/** RFC 3339 in UTC. */
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const ajv = new Ajv2020({ allErrors: true, strict: true, formats: { "date-time": UTC } });
const validators = new Map<string, ValidateFunction>();

/** The validator of the published file; undefined if none is published for the kind. */
function validatorOf(kind: string): ValidateFunction | undefined {
  const file = path.join(FOLDER, `${kind}.schema.json`);
  const known = validators.get(kind);
  if (known !== undefined || !/^\w+$/.test(kind) || !fs.existsSync(file)) return known;
  const compiled = ajv.compile(JSON.parse(fs.readFileSync(file, "utf8")) as object);
  validators.set(kind, compiled);
  return compiled;
}

/** How an object violates the schema that is published for its kind; empty if it does not. */
export function schemaProblems(object: unknown): string[] {
  const kind = String((object as { kind?: unknown } | null)?.kind);
  const validate = validatorOf(kind);
  if (validate === undefined) return [`no schema is published for kind ${kind}`];
  if (validate(object) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${kind}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/**
 * Requires what a command line printed to be nothing, or one whole object that keeps to its published schema, if it asked for
 * an object.
 */
export function requireSchema(args: readonly string[], stdout: string): void {
  const format = askedFormat(args);
  if (format === undefined || stdout === "" || args.includes("--help")) return;
  const object: unknown = format === "json" ? JSON.parse(stdout) : parse(stdout, { version: "1.1" });
  assert.deepEqual(schemaProblems(object), [], `the object of ${args.join(" ")}`);
}

function askedFormat(args: readonly string[]): "json" | "yaml" | undefined {
  const ours = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const line = ours.join(" ");
  const [, format] = /(?:^|\s)(?:-\w*o|--output)[ =]?(json|yaml)(?:\s|$)/.exec(line) ?? [];
  return format as "json" | "yaml" | undefined;
}
