/** The API versions of ExecCredential that client-go accepts today. Source: plugin, 1.1. */
const API_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** The version our own setup writes, and the answer when nobody says which is wanted. */
const DEFAULT_API_VERSION = "client.authentication.k8s.io/v1";

/**
 * The API version to answer in: that of `KUBERNETES_EXEC_INFO`, since client-go refuses any other; ours when the
 * variable is unset. Undefined when the variable is no ExecCredential of a version we know.
 */
export function requestedApiVersion(execInfo: string | undefined): string | undefined {
  if (execInfo === undefined || execInfo.trim() === "") return DEFAULT_API_VERSION;
  try {
    const info = JSON.parse(execInfo) as { kind?: unknown; apiVersion?: unknown } | null;
    const version = info?.apiVersion;
    return typeof version === "string" && API_VERSIONS.includes(version) && info?.kind === "ExecCredential"
      ? version
      : undefined;
  } catch {
    return undefined;
  }
}

/** The one JSON line kubectl reads. `expires` is in milliseconds since 1970 and is told in whole seconds. */
export function execCredential(apiVersion: string, token: string, expires: number): string {
  const expirationTimestamp = `${new Date(Math.floor(expires / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  return `${JSON.stringify({ kind: "ExecCredential", apiVersion, status: { expirationTimestamp, token } })}\n`;
}
