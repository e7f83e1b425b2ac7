/** The API versions of ExecCredential that client-go accepts today. Source: plugin/KUBECTL.md, "Exec block". */
const API_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** The version that our own setup writes; also that of the answer if the client names none. */
const DEFAULT_API_VERSION = "client.authentication.k8s.io/v1";

/** The client's request in `KUBERNETES_EXEC_INFO`. */
export interface ExecInfo {
  /** The version to answer in: client-go refuses any other. */
  readonly apiVersion: string;
  /** `spec.cluster`, not checked: present if the kubeconfig entry has `provideClusterInfo: true`. */
  readonly cluster?: unknown;
  /** `spec.interactive`, not checked: true if the kubeconfig entry allows prompts, and kubectl has a user to prompt. */
  readonly interactive?: unknown;
}

/**
 * Whether `KUBERNETES_EXEC_INFO` is set, as client-go always does. client-go streams our stderr to the user, and calls again
 * after the API server refused a token; a script, or another client, calls again because it needs the token again.
 */
export function isClientGo(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/**
 * Reads `KUBERNETES_EXEC_INFO`; unset means our own version and no cluster. Undefined if it is no ExecCredential of a version we
 * know. Source: Kubernetes, client.authentication.k8s.io/v1, ExecCredentialSpec.
 */
export function readExecInfo(text: string | undefined): ExecInfo | undefined {
  if (!isClientGo(text)) return { apiVersion: DEFAULT_API_VERSION };
  try {
    const info = JSON.parse(text) as {
      readonly kind?: unknown;
      readonly apiVersion?: unknown;
      readonly spec?: { readonly cluster?: unknown; readonly interactive?: unknown } | null;
    } | null;
    const version = info?.apiVersion;
    if (typeof version !== "string" || !API_VERSIONS.includes(version) || info?.kind !== "ExecCredential")
      return undefined;
    return { apiVersion: version, cluster: info.spec?.cluster, interactive: info.spec?.interactive };
  } catch {
    return undefined;
  }
}
