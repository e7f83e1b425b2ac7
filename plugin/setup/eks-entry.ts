import { type ContextSource, credentialArgs } from "../../token/kubeconfig/context-source.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { OWNER_EXTENSION } from "../../token/kubeconfig/owner-extension.ts";
import { isRecord } from "../../token/record.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";

/** All that one context for an EKS cluster is made of. */
export interface EksEntry
  extends Pick<ClusterFacts, "partition" | "region" | "accountId" | "endpoint" | "caData"> {
  readonly clusterName: string;
  readonly source: ContextSource;
  /** AWS profile that says so of a context of Vouch, if one does; for `--context-name`. */
  readonly profile?: string;
  /** Absent: as it is, which in a new context is none. */
  readonly namespace?: string;
  /** The launcher as the user would type it, or its absolute path. */
  readonly command: string;
  /** Let kubectl hand its terminal to us. */
  readonly interactive: boolean;
  /**
   * Absolute path of the AWS config, where it does not lie at AWS's own place. Who a context of Vouch is stands in the
   * arguments, so nothing depends on it but what else that file says of AWS; that of a profile is among its variables.
   */
  readonly awsConfigFile?: string;
  /** Our version. */
  readonly version: string;
}

/** kubectl prints this when it does not find us. */
export const INSTALL_HINT =
  "kubectl-vouch is not on the PATH of this program. Install it: kubectl krew install vouch. " +
  "For an IDE, write its full path: kubectl vouch setup eks --cluster NAME --absolute";

/** What earlier versions wrote, which gives way to today's. */
const FORMER_HINTS = [
  "kubectl-vouch is not installed, or not on the PATH. Install it with: kubectl krew install vouch",
];

export function clusterArn({ partition, region, accountId, clusterName }: EksEntry): string {
  return `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
}

/**
 * The cluster's entry. Fields of an existing one that are not ours stay (`proxy-url`, `tls-server-name`, …), but for
 * `insecure-skip-tls-verify`: kubectl takes no CA beside it, and we give no token.
 */
export function clusterBody(entry: EksEntry, existing: KubeRecord): KubeRecord {
  const { "insecure-skip-tls-verify": _unchecked, ...kept } = existing;
  return {
    ...kept,
    "certificate-authority-data": entry.caData,
    extensions: withOwner(entry, existing),
    server: entry.endpoint,
  };
}

/** The context's entry. The namespace of an existing one stays unless another is asked for. */
export function contextBody(
  entry: EksEntry,
  names: { readonly cluster: string; readonly user: string },
  existing: KubeRecord,
): KubeRecord {
  return {
    ...existing,
    cluster: names.cluster,
    extensions: withOwner(entry, existing),
    ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }),
    user: names.user,
  };
}

/**
 * The user's entry: our command line, complete, so that no variable and no AWS profile changes who one is; and a client
 * that says which cluster it calls. What a user added to an existing one stays (`env`, an own `installHint`).
 */
export function userBody(entry: EksEntry, existing: KubeRecord): KubeRecord {
  const exec = isRecord(existing["exec"]) ? existing["exec"] : {};
  const env = execEnv(entry, exec["env"]);
  return {
    ...existing,
    exec: {
      ...exec,
      apiVersion: "client.authentication.k8s.io/v1",
      args: credentialArgs(entry.clusterName, entry.region, entry.source),
      command: entry.command,
      ...(env === undefined ? {} : { env }),
      installHint: isOwnHint(exec["installHint"]) ? INSTALL_HINT : exec["installHint"],
      interactiveMode: entry.interactive ? "IfAvailable" : "Never",
      provideClusterInfo: true,
    },
  };
}

/** What somebody added stays; a variable of ours takes the place of one of its name. */
function execEnv({ source, awsConfigFile }: EksEntry, existing: unknown): unknown {
  const given = source.kind === "vouch" ? { AWS_CONFIG_FILE: awsConfigFile } : source.env;
  const ours = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  if (ours.length === 0) return existing;
  const items: readonly unknown[] = Array.isArray(existing) ? existing : [];
  const ourOf = (item: unknown) => ours.find(({ name }) => isRecord(item) && item["name"] === name);
  const added = ours.filter((one) => !items.some((item) => ourOf(item) === one));
  return [...items.map((item) => ourOf(item) ?? item), ...added];
}

/** Says whose entry it is and for which cluster. No time in it: the same setup twice gives the same bytes. */
function withOwner(entry: EksEntry, existing: KubeRecord): unknown[] {
  const extension = { cluster: clusterArn(entry), tool: "kubectl-vouch", version: entry.version };
  const extensions = Array.isArray(existing["extensions"]) ? existing["extensions"] : [];
  const isOurs = (item: unknown) => isRecord(item) && item["name"] === OWNER_EXTENSION;
  const ours = { extension, name: OWNER_EXTENSION };
  return extensions.some(isOurs)
    ? extensions.map((item: unknown) => (isOurs(item) ? ours : item))
    : [...extensions, ours];
}

/** Whether a hint is absent or ours, so that today's takes its place. */
function isOwnHint(hint: unknown): boolean {
  return hint === undefined || FORMER_HINTS.some((former) => former === hint);
}
