import { type Options, type Run, run, type Value } from "./command.ts";

/** A command of the AWS CLI: `aws("eks describe-cluster", { name, region })`. */
export function aws(operation: string, options: Options = {}, ...operands: readonly Value[]): Run {
  return run("aws", operation, options, ...operands);
}

/**
 * A structure as the value of one option: in the CLI's shorthand if that preserves every value, else as JSON.
 *
 * Source: AWS CLI User Guide, "Using shorthand syntax".
 */
export function structure(fields: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const isPlain = known.every(
    ([, value]) =>
      [value].flat().join() !== "" && [value].flat().every((item) => /^[\w./:*-]+$/.test(item ?? "")),
  );
  if (!isPlain) return JSON.stringify(Object.fromEntries(known));
  return known.map(([name, value]) => `${name}=${[value].flat().join(",")}`).join(",");
}
