/** The API server of a cluster, as setup learned it from AWS and wrote it into the kubeconfig. No secret. */
export interface ClusterRecord {
  /** The name its certificate must have: `tls-server-name`, else the host of `server`; in lower case. */
  readonly host: string;
  /** Its certificate authority: PEM in base64, as client-go encodes it. */
  readonly caData: string;
}

/**
 * Why a client must not be given a token: it does not check certificates, calls another host, trusts another authority;
 * or, where it is required to say which cluster it calls, does not say, or calls one that no setup recorded.
 */
export type ClusterRefusal = "unchecked" | "host" | "authority" | "unsaid" | "unrecorded";

/** A record out of JSON; undefined for anything else. */
export function readClusterRecord(value: unknown): ClusterRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { host, caData } = value as Record<string, unknown>;
  return typeof host === "string" && typeof caData === "string" ? { host, caData } : undefined;
}

/**
 * Compares the cluster that the client is about to call with the record. `asked` is `spec.cluster` of
 * `KUBERNETES_EXEC_INFO`; undefined when it may be given a token.
 *
 * The authority is compared as a whole, byte for byte: one certificate more is one more that could sign for the host, and
 * client-go encodes what it read again, so line breaks of the kubeconfig's base64 are gone. Ports and proxies do not
 * matter: whoever answers needs a certificate for the name.
 */
export function clusterRefusal(
  asked: unknown,
  record: ClusterRecord | undefined,
  isRequired: boolean,
): ClusterRefusal | undefined {
  if (asked === undefined || asked === null) return isRequired ? "unsaid" : undefined;
  const cluster = asked as Record<string, unknown>;
  const skipsCheck = cluster["insecure-skip-tls-verify"];
  if (skipsCheck !== undefined && skipsCheck !== false) return "unchecked";
  if (record === undefined) return isRequired ? "unrecorded" : undefined;
  if (certificateName(cluster) !== record.host) return "host";
  return cluster["certificate-authority-data"] === record.caData ? undefined : "authority";
}

/**
 * A name of letters, digits, dots and hyphens, or an IPv6 address; then a port; then a path or nothing. No two programs
 * read the host of such an address differently.
 */
const ADDRESS = /^https:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]|$)/i;

/** The name that the client demands of the server's certificate, in lower case; undefined when it is not plain. */
export function certificateName(cluster: Readonly<Record<string, unknown>>): string | undefined {
  const server = cluster["server"];
  const host = typeof server === "string" ? ADDRESS.exec(server)?.[1] : undefined;
  const name = cluster["tls-server-name"];
  const demanded = name === undefined || name === "" ? host : name;
  return host !== undefined && typeof demanded === "string" ? demanded.toLowerCase() : undefined;
}
