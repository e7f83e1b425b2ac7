import { type Options, type Run, run } from "./command.ts";

/** A command of kubectl: `kubectl("get pods", { n: namespace })`. */
export function kubectl(verb: string, options: Options = {}, ...operands: readonly string[]): Run {
  return run("kubectl", verb, options, ...operands);
}

/** Prints aws-auth; works for those who may read it. */
export const SHOW_AWS_AUTH = kubectl("get configmap aws-auth", { n: "kube-system", o: "yaml" });

/** Values of an option that kubectl reads as a line of CSV. Source: pflag, `stringSlice`; tried with 1.32. */
export function commaSeparated(...values: readonly string[]): string {
  return values
    .map((value) => (/[",]|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(",");
}
