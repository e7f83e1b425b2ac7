/**
 * Replaces undici in what is shipped: the Kubernetes client imports it for its own HTTP, in whose place it is given ours
 * (doctor/probes/cluster/kube-transport.ts).
 */
export function fetch(): never {
  throw new Error("The Kubernetes client has no HTTP of its own in this program.");
}
