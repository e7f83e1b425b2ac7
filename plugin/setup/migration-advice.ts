import { run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { describeIdentity, type Identity } from "../../token/kubeconfig/identity.ts";
import type { EksSetup } from "./eks-setup.ts";
import type { Migration } from "./migrate-users.ts";

interface AdviceOptions {
  readonly setups: readonly EksSetup[];
  /** What was set up, if it is one identity. */
  readonly source: Identity | undefined;
  readonly inPlace: boolean;
  /** The file of `--kubeconfig`, for the commands that are printed. */
  readonly kubeconfig: string | undefined;
}

/** What the person can do with an entry that was left alone; undefined if it is another role, and right as it is. */
export function migrationAdvice(
  { migrated, replaceable, clusterArn }: Migration,
  { setups, source, inPlace, kubeconfig }: AdviceOptions,
): string | undefined {
  const [context, ...others] = replaceable;
  if (migrated || context === undefined) return undefined;
  if (inPlace)
    return (
      source &&
      `if ${describeIdentity(source)} is meant, run setup without --in-place, which adds a kubectl-vouch context`
    );
  const setup = setups.find((one) => one.clusterArn === clusterArn);
  if (setup === undefined) return undefined;
  const { cluster, user } = setup;
  const likewise = others.length === 0 ? "" : `, likewise for ${others.join(", ")}`;
  return withCommands`if ${describeIdentity(setup.source)} is meant: ${run("kubectl", "config set-context", { cluster, user, kubeconfig }, context)}${likewise}`;
}
