import { isIP } from "node:net";
import { VouchError } from "../../token/errors/errors.ts";
import { certificateName } from "../../token/hot/cluster-record.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import {
  CONFIRMATION,
  credentialArgs,
  type Identity,
  type Safeguards,
} from "../../token/kubeconfig/identity.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { OWNER_EXTENSION } from "../../token/kubeconfig/kubeconfig-view.ts";
import { isRecord } from "../../token/record.ts";
import type { ClusterFacts } from "../cluster/eks-clusters.ts";

/** Everything that a context for an EKS cluster is made of. */
export interface EksEntry
  extends Pick<ClusterFacts, "partition" | "region" | "accountId" | "endpoint" | "caData"> {
  readonly clusterName: string;
  /** ID of a local cluster on an Outpost, which its tokens are signed for. */
  readonly clusterId?: string | undefined;
  readonly source: Identity;
  /** AWS profile that names the role of a Vouch context, if one does; for `--context-name`. */
  readonly profile?: string;
  /** Absent: unchanged; a new context has none. */
  readonly namespace?: string;
  /** Absent ones are unchanged; a new context has none. */
  readonly safeguards?: Safeguards;
  /** Proxy through which kubectl calls the API server. Absent: unchanged; a new entry has none. */
  readonly proxyUrl?: string;
  /** The launcher as the user would type it, or its absolute path. */
  readonly command: string;
  /** Let kubectl hand its terminal to us. */
  readonly interactive: boolean;
  /**
   * Absolute path of the AWS config, if it is not at AWS's default path. The identity of a Vouch context is in the arguments, so
   * only that file's other settings depend on it; that of a profile is among its variables.
   */
  readonly awsConfigFile?: string;
  /** Our version. */
  readonly version: string;
}

/** kubectl prints this when it does not find us. */
export const INSTALL_HINT =
  "kubectl-vouch is not on the PATH of this program. Install it: kubectl krew install vouch. " +
  "For an IDE, write its full path: kubectl vouch setup eks --cluster NAME --absolute";

/** What earlier versions wrote; it is replaced by today's. */
const FORMER_HINTS = [
  "kubectl-vouch is not installed, or not on the PATH. Install it with: kubectl krew install vouch",
];

export function clusterArn({ partition, region, accountId, clusterName }: EksEntry): string {
  return `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
}

/**
 * The cluster's entry. Fields of an existing one that are not ours stay (`proxy-url`, …), except those beside which kubectl
 * accepts no CA in the entry: `insecure-skip-tls-verify`, with which we issue no token, and `certificate-authority`. A
 * `tls-server-name` stays if the cluster's certificate has that name, and with it the address of a tunnel.
 */
export function clusterBody(entry: EksEntry, existing: KubeRecord): KubeRecord {
  const {
    "insecure-skip-tls-verify": _unchecked,
    "certificate-authority": _file,
    "tls-server-name": _name,
    ...kept
  } = existing;
  const name = certifiedName(existing, entry);
  return {
    ...kept,
    "certificate-authority-data": entry.caData,
    extensions: withOwner(entry, existing),
    ...(entry.proxyUrl === undefined ? {} : { "proxy-url": entry.proxyUrl }),
    server: tunnelServer(existing, entry) ?? entry.endpoint,
    ...(name === undefined ? {} : { "tls-server-name": name }),
  };
}

/** Names in the certificate of every API server. Source: Kubernetes, cmd/kubeadm and EKS, subject alternative names. */
const EVERY_SERVER = /^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?$/;

/** `tls-server-name` of an entry, if it is a name of this cluster; any other would only keep kubectl from reaching it. */
export function certifiedName(
  { "tls-server-name": name }: KubeRecord,
  { endpoint }: Pick<EksEntry, "endpoint">,
): string | undefined {
  if (typeof name !== "string" || name === "") return undefined;
  const plain = name.toLowerCase();
  return plain === certificateName({ server: endpoint }) || EVERY_SERVER.test(plain) ? name : undefined;
}

/**
 * The address of a tunnel to the cluster: the certificate is checked for the cluster's name, so it only decides where to connect.
 * A name that every cluster has proves less, so only an address counts there, not a different host.
 */
function tunnelServer(existing: KubeRecord, entry: EksEntry): string | undefined {
  const { server } = existing;
  const name = certifiedName(existing, entry);
  const host = typeof server === "string" ? certificateName({ server }) : undefined;
  if (typeof server !== "string" || name === undefined || host === undefined) return undefined;
  const isNear = host === "localhost" || isIP(host.replace(/^\[|\]$/g, "")) !== 0;
  return isNear || !EVERY_SERVER.test(name.toLowerCase()) ? server : undefined;
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
 * The user's entry: our complete command line, so that no variable or AWS profile changes the identity, and
 * `provideClusterInfo`, so that the client says which cluster it calls. What a user added to an existing entry stays (`env`,
 * their own `installHint`).
 */
export function userBody(entry: EksEntry, existing: KubeRecord): KubeRecord {
  const exec = isRecord(existing["exec"]) ? existing["exec"] : {};
  const safeguards = safeguardsOf(entry, { ...existing, exec: { ...exec, env: undefined } });
  const env = execEnv(entry, safeguards.isProtected ? withoutConfirmation(exec["env"]) : exec["env"]);
  return {
    ...existing,
    exec: {
      ...exec,
      apiVersion: "client.authentication.k8s.io/v1",
      args: credentialArgs(
        { name: entry.clusterName, id: entry.clusterId, region: entry.region },
        entry.source,
        safeguards,
      ),
      command: entry.command,
      ...(env === undefined ? {} : { env }),
      installHint: isOwnHint(exec["installHint"]) ? INSTALL_HINT : exec["installHint"],
      interactiveMode: entry.interactive ? "IfAvailable" : "Never",
      provideClusterInfo: true,
    },
  };
}

/** Those that are asked for; otherwise those that the entry has. */
function safeguardsOf({ safeguards = {} }: EksEntry, existing: KubeRecord): Safeguards {
  const { agentRole, isProtected } = vouchStanza(existing)?.safeguards ?? {};
  const wanted = safeguards.agentRole ?? agentRole;
  return {
    agentRole: wanted === NO_ROLE ? undefined : wanted,
    isProtected: safeguards.isProtected ?? isProtected,
  };
}

/** A protected entry that confirms every change itself would not prompt. */
function withoutConfirmation(env: unknown): unknown {
  return Array.isArray(env) ? env.filter((item) => !(isRecord(item) && item["name"] === CONFIRMATION)) : env;
}

/** The word with which `--agent-role` removes the role of AI agents. */
export const NO_ROLE = "none";

/** What a user added stays; a variable of ours replaces one of the same name. */
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

/** Marks an entry as ours, with its cluster. No timestamp, so that the same setup twice gives the same bytes. */
function withOwner(entry: EksEntry, existing: KubeRecord): unknown[] {
  const extension = { cluster: clusterArn(entry), tool: "kubectl-vouch", version: entry.version };
  const extensions = Array.isArray(existing["extensions"]) ? existing["extensions"] : [];
  const isOurs = (item: unknown) => isRecord(item) && item["name"] === OWNER_EXTENSION;
  const ours = { extension, name: OWNER_EXTENSION };
  return extensions.some(isOurs)
    ? extensions.map((item: unknown) => (isOurs(item) ? ours : item))
    : [...extensions, ours];
}

/** Whether a hint is absent or ours, and so replaced by today's. */
function isOwnHint(hint: unknown): boolean {
  return hint === undefined || FORMER_HINTS.some((former) => former === hint);
}

/** Whether a kubeconfig's `server` is an EKS endpoint: host names are case-insensitive, and a slash at the end means nothing. */
export function sameEndpoint(server: unknown, endpoint: string): boolean {
  return typeof server === "string" && comparable(server) === comparable(endpoint);
}

function comparable(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/(?<!\/)\/+$/, "")
    .replace(/^(https:\/\/[^/]+):443$/, "$1");
}

/** Throws `usage` for a proxy that kubectl does not accept. Source: client-go, tools/clientcmd/validation.go, `parseProxyURL`. */
export function requireProxyUrl(proxy: string | undefined): void {
  if (proxy === undefined) return;
  if (!/^(?:https?|socks5):\/\/[^/]/i.test(proxy) || !URL.canParse(proxy))
    throw new VouchError("usage", `${shownProxy(proxy)} is not a proxy that kubectl accepts.`, {
      hint: "It must be http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.",
    });
  if (new URL(proxy).password === "") return;
  throw new VouchError(
    "usage",
    "--proxy-url must not contain a password: others can read the arguments of a program.",
    { hint: "Leave it out and add it to the kubeconfig with an editor; later setups keep it." },
  );
}

/** A proxy's address without its user and password, which may contain any character. */
export function shownProxy(proxy: string): string {
  return proxy.replace(/^([a-z0-9]+:\/\/)?.*@/is, "$1***@");
}
