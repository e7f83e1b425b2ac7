import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { EksPlan } from "./eks-plan.ts";

interface LineOptions {
  readonly dryRun: boolean;
  /** The file of `--kubeconfig`, for the commands that are printed. */
  readonly kubeconfig: string | undefined;
}

/** Says what becomes of the current context; empty if it already was ours. */
export function currentContextLines(
  { setups, leftCurrentContexts, currentContext: { before, after, exists } }: EksPlan,
  { dryRun, kubeconfig }: LineOptions,
): string[] {
  const use = (name: string) => run("kubectl", "config use-context", { kubeconfig }, name);
  const left = leftCurrentContexts.map(
    ({ path, name }) =>
      `The current context of ${path} ${dryRun ? "is" : "was"} ${name}; ${dryRun ? "it would have none then" : "it has none now"}: ${withCommands`choose one with ${chooseContext(kubeconfig)}`}.`,
  );
  const [first] = setups;
  const isOurs = setups.some(({ context }) => context === after);
  if (left.length > 0 || first === undefined || (isOurs && before === after)) return left;
  if (after === undefined)
    return [withCommands`No context is current; choose one: ${chooseContext(kubeconfig)}`];
  if (!isOurs) {
    const gone = exists ? "" : ", which is in no file";
    return [withCommands`The current context is still ${after}${gone}; to change it: ${use(first.context)}`];
  }
  if (dryRun)
    return [
      `Context ${after} would be the current one${before === undefined ? ": there is none" : ` instead of ${before}`}.`,
    ];
  return [
    `Context ${after} is the current one now${before === undefined ? ": there was none" : `; it was ${before}`}.`,
  ];
}

/** For the person to fill in. */
export function chooseContext(kubeconfig: string | undefined) {
  return run("kubectl", "config use-context NAME", { kubeconfig });
}
