import { readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { SetupPlan } from "./commit-changes.ts";
import type { EksEntry } from "./eks-entry.ts";
import { type EksSetup, setUpEks } from "./eks-setup.ts";
import { kubeconfigDraft, type LeftCurrentContext } from "./kubeconfig-draft.ts";
import { type Migration, migrateUsers } from "./kubeconfig-users.ts";
import type { ShellAws } from "./migration-identity.ts";
import { type LiveClusters, type PrunedContext, pruneContexts } from "./prune.ts";

/** What `setup eks` was asked for. */
export interface EksWish {
  /** The kubeconfig files in load order: `kubeconfigPaths`. */
  readonly paths: readonly string[];
  readonly entries: readonly EksEntry[];
  /** `--context-name` */
  readonly template?: string | undefined;
  /** `--migrate`, and what says who the others are. */
  readonly migrate?: ShellAws | undefined;
  /** `--prune`: which clusters there are. */
  readonly live?: LiveClusters | undefined;
}

/** What becomes of the kubeconfig. */
export interface EksPlan {
  readonly setups: readonly EksSetup[];
  readonly migrations: readonly Migration[];
  readonly pruned: readonly PrunedContext[];
  /** Current contexts that were removed, and in which file. */
  readonly leftCurrentContexts: readonly LeftCurrentContext[];
}

/**
 * Reads the kubeconfig files and decides what to write into which; writes nothing. For `--diff` and `--dry-run` as it
 * is, else for `commitChanges`, which may ask it more than once.
 */
export function planEks({ paths, entries, template, migrate, live }: EksWish): SetupPlan<EksPlan> {
  const draft = kubeconfigDraft(readKubeconfigs(paths));
  const pruned = live === undefined ? [] : pruneContexts(draft, live);
  const migrations =
    migrate === undefined ? [] : entries.flatMap((entry) => migrateUsers(draft, entry, migrate));
  const migrated = new Set(migrations.flatMap((one) => (one.migrated ? one.contexts : [])));
  const setups = entries.map((entry) => setUpEks(draft, entry, { template, migrated }));
  const leftCurrentContexts = draft.leftCurrentContexts();
  return { changes: draft.changes(), result: { setups, migrations, pruned, leftCurrentContexts } };
}
