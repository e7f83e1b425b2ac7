import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";

/** Where the kubeconfig of these tests lies. */
export const KUBECONFIG = "/home/ada/.kube/config";

/** A kubeconfig with one context, current, as text. */
export function kubeconfigOf(parts: {
  readonly cluster?: object;
  readonly user?: object;
  readonly namespace?: string;
}): string {
  const { cluster = { server: "https://127.0.0.1:1" }, user = {}, namespace } = parts;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster }],
    users: [{ name: "ada", user }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "ada", namespace } }],
  });
}

/** A bundle that knows where the kubeconfig is, and whatever else was gathered. */
export function evidenceWith(parts: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorEvidence",
    kubeconfig: { files: [{ path: KUBECONFIG, text: "" }] },
    ...parts,
  };
}
