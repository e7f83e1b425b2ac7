/** Whether the kubeconfig allows to ask, and kubectl has somebody to ask: `spec.interactive` of `KUBERNETES_EXEC_INFO`. */
export function isInteractive(execInfo: string | undefined): boolean {
  try {
    const info = JSON.parse(execInfo ?? "") as { readonly spec?: { readonly interactive?: unknown } } | null;
    return info?.spec?.interactive === true;
  } catch {
    return false;
  }
}
