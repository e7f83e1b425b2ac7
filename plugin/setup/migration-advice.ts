import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { Migration } from "./migrate-users.ts";

interface AdviceOptions {
  readonly setups: readonly EksSetup[];
  /** Of the role that was set up. */
  readonly role: string;
  readonly inPlace: boolean;
  /** The file of `--kubeconfig`, for the commands that are printed. */
  readonly kubeconfig: string | undefined;
}

/** What the person can do with an entry that was left alone; undefined where it is another role, and right as it is. */
export function migrationAdvice(
  { migrated, replaceable, clusterArn }: Migration,
  { setups, role, inPlace, kubeconfig }: AdviceOptions,
): string | undefined {
  const [context, ...others] = replaceable;
  if (migrated || context === undefined) return undefined;
  if (inPlace) return `if ${role} is meant, run setup without --in-place, which adds a context of ours`;
  const setup = setups.find((one) => one.clusterArn === clusterArn);
  if (setup === undefined) return undefined;
  const { cluster, user } = setup;
  const likewise = others.length === 0 ? "" : `, likewise for ${others.join(", ")}`;
  return withCommands`if ${role} is meant: ${run("kubectl", "config set-context", { cluster, user, kubeconfig }, context)}${likewise}`;
}
