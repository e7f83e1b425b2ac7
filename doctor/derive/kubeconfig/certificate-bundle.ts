/** Common name of the CA that EKS creates for each cluster. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
export const CLUSTER_CA_NAME = "kubernetes";

/**
 * The certificates in `certificate-authority-data`, each as its base64 without line breaks; undefined if the text has no complete
 * one: it is not base64, or cut off.
 */
export function certificatesIn(caData: string): readonly string[] | undefined {
  const blocks = [
    ...(decoded(caData) ?? "").matchAll(/-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END/g),
  ];
  return blocks.length === 0 ? undefined : blocks.map(([, body = ""]) => body.replaceAll(/\s/g, ""));
}

function decoded(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}
