import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { EVIDENCE_SCHEMA } from "../../../doctor/evidence/parts.ts";
import { problemsOf } from "../../../doctor/evidence/schema/problems.ts";

type Path = readonly (string | number)[];

/** A field inside a part, at any depth. */
export interface Field {
  readonly path: Path;
  /** The same for each item of a list: `accessEntryDetails.*.accessEntry.type`. */
  readonly name: string;
  readonly value: unknown;
}

/** The fields of all parts; not the parts themselves, nor why a part failed. */
export function fieldsOf(bundle: DoctorEvidence): readonly Field[] {
  return Object.entries(bundle)
    .flatMap(([part, value]) => [...fieldsIn(value, [part])])
    .filter(({ name }) => !/^\w+\.failed$/.test(name));
}

function* fieldsIn(value: unknown, at: Path): Generator<Field> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value))
      yield {
        path,
        name: path.map((step) => (typeof step === "number" ? "*" : step)).join("."),
        value: inner,
      };
    yield* fieldsIn(inner, path);
  }
}

/** The bundle with this field set to a value, or without it; undefined if that is no bundle. */
export function withField(
  bundle: DoctorEvidence,
  { path }: Field,
  value?: unknown,
): DoctorEvidence | undefined {
  const changed = change(bundle, path, value) as DoctorEvidence;
  return problemsOf(EVIDENCE_SCHEMA, changed).length === 0 ? changed : undefined;
}

function change(whole: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((item, index) => (index === step ? change(item, rest, value) : item));
  const fields = { ...(whole as Record<string, unknown>) };
  const inner = change(fields[step], rest, value);
  if (inner === undefined) delete fields[step];
  else fields[step] = inner;
  return fields;
}
