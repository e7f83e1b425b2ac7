import { YAMLParseError } from "yaml";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { isRecord, ownValue } from "../../token/record.ts";
import type { Schema } from "../../token/schema.ts";
import { parseYaml, YamlRefused } from "../../token/text/yaml.ts";
import type { DoctorEvidence } from "./evidence.ts";
import { EVIDENCE_SCHEMA, type EvidencePart, PART_NAMES, partEntry } from "./parts.ts";
import { problemsOf } from "./schema/problems.ts";

/** Maximum number of lines and items of a bundle in YAML, which includes the roles of a cluster. */
const MAX_PARTS = 100_000;

const NONE: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  PART_NAMES.map((name) => [name, partEntry(name).none]),
);

/** How many mistakes are named at most. */
const AT_MOST = 5;

/**
 * A bundle from JSON or YAML. An invalid one is rejected with the path of each mistake and what was expected there; values are
 * never repeated, since a secret may have been pasted in the wrong place.
 */
export function readEvidence(text: string): DoctorEvidence {
  const value = withoutNulls(parsed(text), EVIDENCE_SCHEMA, NONE);
  const problems = problemsOf(EVIDENCE_SCHEMA, value);
  if (problems.length > 0) {
    const more = problems.length > AT_MOST ? `\n  and ${problems.length - AT_MOST} more` : "";
    const list = problems.slice(0, AT_MOST).map((problem) => `\n  ${problem}`);
    throw new VouchError("evidence-invalid", `Not a valid evidence bundle:${list.join("")}${more}`);
  }
  return value as DoctorEvidence;
}

/** One part by itself: as the rules read it, or what is wrong with it. */
export function checkedPart(
  part: EvidencePart,
  value: unknown,
): { readonly value: unknown } | { readonly problems: readonly string[] } {
  const schema = EVIDENCE_SCHEMA.properties?.[part] ?? {};
  const cleaned = withoutNulls(value, schema);
  const problems = problemsOf(schema, cleaned, part);
  return problems.length === 0 ? { value: cleaned } : { problems };
}

/**
 * Replaces fields that are null although the schema has no null: if there is an error for the part, null means that it does not
 * exist; in an answer of AWS or Kubernetes, that the field was left out.
 */
function withoutNulls(value: unknown, schema: Schema, none: typeof NONE = {}): unknown {
  if (Array.isArray(value)) {
    const { items } = formFor(schema, "array") ?? {};
    return items === undefined ? value : value.map((item) => withoutNulls(item, items));
  }
  const { properties, additionalProperties } = formFor(schema, "object") ?? {};
  if (!isRecord(value) || properties === undefined) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
      const known = ownValue(properties, name);
      if (known === undefined) return [[name, field]];
      if (field !== null || formFor(known, "null")) return [[name, withoutNulls(field, known)]];
      if (none[name] !== undefined) return [[name, { failed: none[name] }]];
      return additionalProperties === false ? [[name, field]] : [];
    }),
  );
}

/** The form of a schema with a type; of several objects the one for an answer, not for a failure. */
export function formFor(schema: Schema, type: Schema["type"]): Schema | undefined {
  const forms = (schema.anyOf ?? [schema]).filter((form) => form.type === type);
  return forms.find(({ properties }) => properties?.["failed"] === undefined) ?? forms[0];
}

/** JSON is parsed separately, since this is faster: the roles of a large cluster are megabytes. */
function parsed(text: string): unknown {
  try {
    return text.trimStart().startsWith("{")
      ? JSON.parse(text)
      : parseYaml(text, { uniqueKeys: false }, MAX_PARTS);
  } catch (error) {
    if (error instanceof YamlRefused) {
      throw new VouchError(
        "evidence-invalid",
        `The evidence cannot be read: ${error.why}. Try converting it to JSON.`,
      );
    }
    throw new VouchError("evidence-invalid", `The evidence is neither JSON nor YAML${placeOf(error)}.`);
  }
}

/** Where parsing failed. The parser's own message quotes the text around it. */
function placeOf(error: unknown): string {
  const position = /at position (\d+)/.exec(reasonOf(error))?.[1];
  if (position !== undefined) return `: unexpected character at position ${position}`;
  return error instanceof YAMLParseError ? `: unexpected character at position ${error.pos[0]}` : "";
}
