import { VERSION } from "../../token/hot/version.ts";
import { isSameIdentity } from "../../token/kubeconfig/identity.ts";
import type { App } from "../app.ts";
import { fileVariables } from "../aws/choose-identity.ts";
import type { ClusterFacts } from "../cluster/eks-clusters.ts";
import { lastingProgram, PROGRAM } from "../programs/program-path.ts";
import type { FoundClusters } from "./cluster-list.ts";
import { clusterArn, type EksEntry } from "./eks-entry.ts";
import type { LiveClusters } from "./eks-plan.ts";
import type { SetupIdentity } from "./setup-identity.ts";

/** An identity, and the clusters that it gets contexts for. */
export interface FoundSetup {
  readonly identity: SetupIdentity;
  readonly found: FoundClusters;
}

interface EntryWishes {
  readonly absolute: boolean;
  readonly interactive: boolean;
  readonly namespace: string | undefined;
  readonly agentRole: string | undefined;
  readonly protected: boolean | undefined;
  readonly proxyUrl: string | undefined;
}

/** The entries to write, one per cluster and identity. */
export function eksEntries(app: App, setups: readonly FoundSetup[], wishes: EntryWishes): EksEntry[] {
  const command = commandToWrite(app, wishes.absolute);
  const entries: EksEntry[] = [];
  for (const { identity, found } of setups)
    for (const cluster of found.clusters) {
      const entry = entryOf(app, { cluster, identity, wishes, command });
      const isThere = entries.some(
        (one) => clusterArn(one) === clusterArn(entry) && isSameIdentity(one.source, entry.source),
      );
      if (!isThere) entries.push(entry);
    }
  return entries;
}

/** The clusters that exist, according to all that was found. */
export function liveClusters(setups: readonly FoundSetup[]): LiveClusters {
  return {
    arns: new Set(setups.flatMap(({ found }) => [...found.live.arns])),
    scopes: setups.flatMap(({ found }) => found.live.scopes),
  };
}

function entryOf(
  app: App,
  {
    cluster,
    identity,
    wishes,
    command,
  }: {
    readonly cluster: ClusterFacts;
    readonly identity: SetupIdentity;
    readonly wishes: EntryWishes;
    readonly command: string;
  },
): EksEntry {
  const configFile = fileVariables(app)["AWS_CONFIG_FILE"];
  return {
    clusterName: cluster.name,
    partition: cluster.partition,
    region: cluster.region,
    accountId: cluster.accountId,
    endpoint: cluster.endpoint,
    caData: cluster.caData,
    source: identity.source,
    command,
    interactive: wishes.interactive,
    safeguards: { agentRole: wishes.agentRole, isProtected: wishes.protected },
    version: VERSION,
    ...(cluster.id === undefined ? {} : { clusterId: cluster.id }),
    ...(identity.profile === undefined ? {} : { profile: identity.profile }),
    ...(wishes.proxyUrl === undefined ? {} : { proxyUrl: wishes.proxyUrl }),
    ...(wishes.namespace === undefined ? {} : { namespace: wishes.namespace }),
    ...(configFile === undefined ? {} : { awsConfigFile: configFile }),
  };
}

/** The bare name if we are on the PATH; otherwise, and with `--absolute`, the path, without following links. */
function commandToWrite(app: App, absolute: boolean): string {
  const program = lastingProgram(app);
  if (program === undefined) {
    app.io.err(
      `warning: ${PROGRAM} is not on your PATH, so kubectl will not find it. Install it: kubectl krew install vouch\n`,
    );
    return PROGRAM;
  }
  return absolute || !program.onPath ? program.path : PROGRAM;
}
