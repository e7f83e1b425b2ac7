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
  const left = leftCurrentContexts.map((context) => noCurrentContext(context, { kubeconfig, dryRun }));
  const [first] = setups;
  const isOurs = setups.some(({ context }) => context === after);
  const isRenamed = setups.some(({ renamedFrom }) => renamedFrom !== undefined && renamedFrom === before);
  if (left.length > 0 || first === undefined || (isOurs && (before === after || isRenamed))) return left;
  if (after === undefined)
    return [withCommands`No context is current; choose one: ${chooseContext(kubeconfig)}`];
  if (!isOurs) {
    const gone = exists ? "" : ", which does not exist";
    return [withCommands`The current context is still ${after}${gone}; to switch: ${use(first.context)}`];
  }
  if (dryRun)
    return [
      `Would switch to context ${after} (${before === undefined ? "no context is current" : `now: ${before}`}).`,
    ];
  return [
    `Switched to context ${after} (${before === undefined ? "no context was current" : `was: ${before}`}).`,
  ];
}

/** A file whose current context was removed, with the command that chooses another. */
export function noCurrentContext(
  { path, name }: EksPlan["leftCurrentContexts"][number],
  { kubeconfig, dryRun }: LineOptions,
): string {
  const has = dryRun ? "would no longer have" : "no longer has";
  return withCommands`${path} ${has} a current context (${dryRun ? "now" : "was"}: ${name}). Choose one: ${chooseContext(kubeconfig)}`;
}

/** For the user to fill in. */
function chooseContext(kubeconfig: string | undefined) {
  return run("kubectl", "config use-context NAME", { kubeconfig });
}
