import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { unlessThrown } from "../../token/errors/errors.ts";
import type { Machine } from "../../token/files/folders.ts";
import type { VouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { Safeguards, StatedIdentity } from "../../token/kubeconfig/identity.ts";
import {
  askedCluster,
  type ClusterKey,
  clusterRecord,
  forgetClusterRecord,
  keepClusterRecord,
} from "../../token/mint/cluster-records.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import { clusterArn, type EksEntry, NO_ROLE } from "./eks-entry.ts";
import type { EksPlan } from "./eks-plan.ts";

/** Records the API servers that the written entries name. */
export function recordClusters(
  place: RecordPlace,
  entries: readonly EksEntry[],
  { setups, migrations }: Pick<EksPlan, "setups" | "migrations">,
): void {
  const switched = migrations.flatMap(({ clusterArn: arn, source }) =>
    source === undefined
      ? []
      : [{ clusterArn: arn, source, tlsServerName: undefined, safeguards: undefined }],
  );
  for (const { clusterArn: arn, source, tlsServerName, safeguards } of [...switched, ...setups]) {
    const entry = entries.find((one) => clusterArn(one) === arn);
    if (entry === undefined) continue;
    const record = clusterRecord(entry, tlsServerName);
    const asked = { ...entry, source, safeguards: safeguards ?? entry.safeguards ?? {} };
    for (const one of identitiesOf(asked)) {
      const key = keyOf({ ...entry, source: one }, place.machine);
      for (const state of statesFor(source, place)) keepClusterRecord(state, key, record);
    }
  }
}

/** Forgets the records of clusters that had a context of ours before and have none now. */
export function forgetLostClusters(
  { state, usual, machine }: RecordPlace,
  before: readonly VouchContext[],
  now: readonly VouchContext[],
): void {
  const keys = (contexts: readonly VouchContext[]) =>
    contexts.flatMap(({ stanza }) => keysOf(stanza, machine));
  const kept = new Set(keys(now).map((key) => JSON.stringify(key)));
  for (const key of keys(before)) {
    if (kept.has(JSON.stringify(key))) continue;
    for (const one of new Set([state, usual ?? state])) forgetClusterRecord(one, key);
  }
}

/** Our state folder, the one of the user database, and the machine whose AWS config applies to contexts that name none. */
interface RecordPlace {
  readonly state: string;
  readonly usual: string | undefined;
  readonly machine: Pick<Machine, "env" | "homeDir">;
}

/** A context without a session is bound where no variable leads, too. Source: plugin/cluster/recorded-cluster.ts. */
function statesFor({ kind }: StatedIdentity, { state, usual = state }: RecordPlace): Iterable<string> {
  return kind === "vouch" ? [state] : new Set([usual, state]);
}

/** The identity of a context for a user, and the one for an AI agent: its role can be in another account. */
function identitiesOf({
  source,
  safeguards: { agentRole },
}: {
  readonly source: StatedIdentity;
  readonly safeguards: Safeguards;
}): StatedIdentity[] {
  return agentRole === undefined || agentRole === NO_ROLE
    ? [source]
    : [source, { ...source, role: agentRole }];
}

/** The records that bind a context; none for one whose command line is not complete. */
export function keysOf(stanza: VouchStanza, machine: RecordPlace["machine"]): ClusterKey[] {
  const { clusterName, clusterId, region } = stanza;
  if (region === undefined) return [];
  return identitiesOf(stanza).flatMap((source) => {
    return unlessThrown(() => [keyOf({ clusterName, clusterId, region, source }, machine)], []);
  });
}

interface Asked {
  readonly clusterName: string;
  readonly clusterId?: string | undefined;
  readonly region: string;
  readonly source: StatedIdentity;
}

/** Throws `role-arn-invalid` for an invalid role ARN, and for a Vouch context without a role. */
function keyOf(
  { clusterName: cluster, clusterId, region, source }: Asked,
  machine: RecordPlace["machine"],
): ClusterKey {
  const place = { cluster, clusterId, region };
  if (source.kind === "vouch") return askedCluster({ ...place, role: source.role ?? "" });
  const configFile = awsConfigPath({ ...machine.env, ...source.env }, machine.homeDir);
  return askedCluster({ ...place, role: source.role, profile: source.profile, configFile });
}
