import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import { readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import { ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import { type VouchContext, vouchContexts } from "../vouch/vouch-contexts.ts";
import type { SetupPlan } from "./commit-changes.ts";
import { clusterArn, type EksEntry } from "./eks-entry.ts";
import { type EksSetup, setUpEks, setUpInPlace } from "./eks-setup.ts";
import type { ShellAws } from "./foreign-user.ts";
import {
  contextsWith,
  type KubeconfigDraft,
  kubeconfigDraft,
  type LeftCurrentContext,
} from "./kubeconfig-draft.ts";
import { type Migration, migrateUsers } from "./migrate-users.ts";

/** What `setup eks` was asked for. */
export interface EksWish {
  /** The kubeconfig files in load order: `kubeconfigPaths`. */
  readonly paths: readonly string[];
  readonly entries: readonly EksEntry[];
  /** `--context-name` */
  readonly template?: string | undefined;
  /** Which context becomes the current one. Absent: ours if there was none. */
  readonly current?: CurrentChoice;
  /** `--migrate`, and where entries of other programs get their identity. */
  readonly migrate?: ShellAws | undefined;
  /** `--in-place`: no context is added, and only the users of existing ones change. */
  readonly inPlace?: boolean;
  /** `--prune`: the clusters that exist. */
  readonly live?: LiveClusters | undefined;
}

/** `ours`: `--use`. */
type CurrentChoice = "ours" | "oursWhereNone" | "kept";

/** What becomes of the kubeconfig. */
export interface EksPlan {
  readonly setups: readonly EksSetup[];
  readonly migrations: readonly Migration[];
  readonly pruned: readonly PrunedContext[];
  /** Current contexts that were removed, and in which file. */
  readonly leftCurrentContexts: readonly LeftCurrentContext[];
  readonly currentContext: CurrentContext;
  /** Our contexts as they were. */
  readonly before: readonly VouchContext[];
}

/** The current context before and after; undefined for none. */
interface CurrentContext {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether a file has a context of the name in `after`. */
  readonly exists: boolean;
}

/**
 * Reads the kubeconfig files and decides what to write into which; writes nothing. Used directly for `--diff` and `--dry-run`,
 * else through `commitChanges`, which may call it more than once.
 */
export function planEks({
  paths,
  entries,
  template,
  current = "oursWhereNone",
  migrate,
  inPlace = false,
  live,
}: EksWish): SetupPlan<EksPlan> {
  const view = readKubeconfigs(paths);
  const draft = kubeconfigDraft(view);
  const pruned = live === undefined ? [] : pruneContexts(draft, live);
  const migrations =
    migrate === undefined ? [] : byCluster(entries).flatMap((those) => migrateUsers(draft, those, migrate));
  const migrated = new Set(migrations.flatMap((one) => (one.migrated ? one.contexts : [])));
  const setups = entries.flatMap((entry) =>
    inPlace ? setUpInPlace(draft, entry, migrations) : [setUpEks(draft, entry, { template, migrated })],
  );
  const leftCurrentContexts = draft.leftCurrentContexts();
  const currentContext = chooseCurrent(draft, {
    before: view.currentContext?.name,
    setups,
    current: inPlace && current === "oursWhereNone" ? "kept" : current,
  });
  return {
    changes: draft.changes(),
    result: { setups, migrations, pruned, leftCurrentContexts, currentContext, before: vouchContexts(view) },
  };
}

function byCluster(entries: readonly EksEntry[]): EksEntry[][] {
  return [...Map.groupBy(entries, clusterArn).values()];
}

interface CurrentWish {
  readonly before: string | undefined;
  readonly setups: readonly EksSetup[];
  readonly current: CurrentChoice;
}

/** Ours becomes the current context on request, or if there was none and ours is the only one: of several, the person chooses. */
function chooseCurrent(draft: KubeconfigDraft, { before, setups, current }: CurrentWish): CurrentContext {
  const [first, second] = setups;
  const isWanted =
    current === "ours" || (current === "oursWhereNone" && before === undefined && second === undefined);
  const isOurs = isWanted && first !== undefined;
  const isLeft = draft.leftCurrentContexts().some(({ name }) => name === before);
  const renamed = setups.find(({ renamedFrom }) => before !== undefined && renamedFrom === before)?.context;
  const after = isOurs ? first.context : isLeft ? undefined : (renamed ?? before);
  if (isOurs && after !== undefined && after !== before) draft.setCurrentContext(after);
  return { before, after, exists: after !== undefined && draft.entry("contexts", after) !== undefined };
}

/** The clusters that exist, and what was searched. */
export interface LiveClusters {
  readonly arns: ReadonlySet<string>;
  /** Account and region of each list that was read whole. A cluster elsewhere may well exist. */
  readonly scopes: readonly { readonly accountId: string; readonly region: string }[];
}

/** A context of ours that was removed. */
export interface PrunedContext {
  readonly context: string;
  readonly clusterArn: string;
}

/** Removes our contexts whose cluster is gone, with their cluster and user entries unless another context uses them. */
export function pruneContexts(draft: KubeconfigDraft, live: LiveClusters): PrunedContext[] {
  return draft.names("contexts").flatMap((context) => {
    const body = draft.body("contexts", context);
    const clusterArn = ownedCluster(body);
    if (clusterArn === undefined || !isGone(clusterArn, live)) return [];

    draft.remove("contexts", context);
    const { cluster, user } = body;
    const isOurCluster = ownedCluster(draft.body("clusters", cluster)) === clusterArn;
    if (isUnused(draft, "cluster", cluster) && isOurCluster) draft.remove("clusters", String(cluster));
    const isOurUser = vouchStanza(draft.body("users", user))?.by === "kubectl-vouch";
    if (isUnused(draft, "user", user) && isOurUser) draft.remove("users", String(user));
    return [{ context, clusterArn }];
  });
}

/** Whether the cluster's account and region were searched, and it is not there. */
export function isGone(arn: string, { arns, scopes }: LiveClusters): boolean {
  const [, , , region, accountId] = arn.split(":");
  const wasSearched = scopes.some((scope) => scope.region === region && scope.accountId === accountId);
  return wasSearched && !arns.has(arn);
}

function isUnused(draft: KubeconfigDraft, part: "cluster" | "user", name: unknown): boolean {
  return contextsWith(draft, part, name).length === 0;
}
