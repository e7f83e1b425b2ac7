import { AwsFailure } from "../failure.ts";

/** What a service model says about one parameter. */
interface Constraint {
  readonly value: string | undefined;
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The value is a secret: AWS leaves it out of the sentence. */
  readonly secret?: boolean;
}

/** The limits of a whole number. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/** Refuses with all that is wrong in one sentence, as AWS's model validation does. */
export function requireValid(constraints: Readonly<Record<string, Constraint>>): void {
  const complaints = Object.entries(constraints).flatMap(([name, constraint]) =>
    violations(name, constraint),
  );
  throwIfAny(complaints);
}

/** A whole number within its range. */
export function requireNumber(name: string, text: string | undefined, range: Range): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]?\d{1,10}$/.test(text)) throw new AwsFailure("MalformedInput", 400, "");
  const number = Number(text);
  const complain = (limit: string) => [
    `Value '${number}' at '${name}' failed to satisfy constraint: ${limit}`,
  ];
  if (number < range.min)
    throwIfAny(complain(`Member must have value greater than or equal to ${range.min}`));
  if (number > range.max) throwIfAny(complain(`Member must have value less than or equal to ${range.max}`));
  return number;
}

function violations(name: string, { value, required, min, max, pattern, secret }: Constraint): string[] {
  if (value === undefined) {
    return required ? [`Value null at '${name}' failed to satisfy constraint: Member must not be null`] : [];
  }
  const length = [...value].length;
  const broken = [
    pattern !== undefined &&
      !new RegExp(`^${pattern}$`).test(value) &&
      `Member must satisfy regular expression pattern: ${pattern}`,
    min !== undefined && length < min && `Member must have length greater than or equal to ${min}`,
    max !== undefined && length > max && `Member must have length less than or equal to ${max}`,
  ].filter((limit) => limit !== false);
  const subject = secret ? `Value at '${name}'` : `Value '${value}' at '${name}'`;
  return broken.map((limit) => `${subject} failed to satisfy constraint: ${limit}`);
}

function throwIfAny(complaints: readonly string[]): void {
  if (complaints.length === 0) return;
  const count = complaints.length === 1 ? "1 validation error" : `${complaints.length} validation errors`;
  throw new AwsFailure("ValidationError", 400, `${count} detected: ${complaints.join("; ")}`);
}
