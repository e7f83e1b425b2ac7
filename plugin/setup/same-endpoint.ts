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
