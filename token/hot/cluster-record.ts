/** The API server of a cluster, as setup got it from AWS and wrote it into the kubeconfig. Not secret. */
export interface ClusterRecord {
  /** The name its certificate must have: `tls-server-name`, else the host of `server`; in lower case. */
  readonly host: string;
  /** Its certificate authority: PEM in base64, as client-go encodes it. */
  readonly caData: string;
}

/**
 * Why a client must not be given a token: it does not check certificates, calls another host, or trusts another authority; or, if
 * clients are required to say which cluster they call, it does not say, or calls one that no setup recorded.
 */
export type ClusterRefusal = "unchecked" | "host" | "authority" | "unsaid" | "unrecorded";

/** A record from JSON; undefined for anything else. */
export function readClusterRecord(value: unknown): ClusterRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { host, caData } = value as Record<string, unknown>;
  return typeof host === "string" && typeof caData === "string" ? { host, caData } : undefined;
}

/**
 * Compares the cluster that the client is about to call with the record; undefined if the client may be given a token. `asked` is
 * `spec.cluster` of `KUBERNETES_EXEC_INFO`.
 *
 * The authority is compared as a whole, byte for byte: any additional certificate could sign for the host. client-go encodes the
 * bytes it has read again, so line breaks in the kubeconfig's base64 do not matter. Ports and proxies do not matter: whoever
 * answers needs a certificate for the name.
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
 * A name of letters, digits, dots and hyphens, or an IPv6 address; then a port; then a path or nothing. All programs read the
 * host of such an address the same way.
 */
const ADDRESS = /^https:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#]|$)/i;

/** The name that the client requires in the server's certificate, in lower case; undefined if it is not plain. */
export function certificateName(cluster: Readonly<Record<string, unknown>>): string | undefined {
  const server = cluster["server"];
  const host = typeof server === "string" ? ADDRESS.exec(server)?.[1] : undefined;
  const name = cluster["tls-server-name"];
  const demanded = name === undefined || name === "" ? host : name;
  return host !== undefined && typeof demanded === "string" ? demanded.toLowerCase() : undefined;
}
