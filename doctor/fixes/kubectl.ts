import { type Options, type Run, run } from "../../token/command/command.ts";

/** A command of kubectl: `kubectl("get pods", { n: namespace })`. */
export function kubectl(verb: string, options: Options = {}, ...operands: readonly string[]): Run {
  return run("kubectl", verb, options, ...operands);
}
