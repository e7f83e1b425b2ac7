/** A service account of Kubernetes. */
export interface ServiceAccount {
  readonly kind: "ServiceAccount";
  readonly name: string;
  readonly namespace: string;
}

/** A subject of a binding. */
export type BindingSubject = ServiceAccount | { readonly kind: "User" | "Group"; readonly name: string };

/** The service account that a username stands for. Source: Kubernetes, "Authenticating", service account tokens. */
export function serviceAccountOf(username: string | undefined): ServiceAccount | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username ?? "") ?? [];
  return namespace === undefined || name === undefined
    ? undefined
    : { kind: "ServiceAccount", name, namespace };
}

/** The groups of every service account, besides `system:authenticated`. */
export function serviceAccountGroups({ namespace }: ServiceAccount): readonly string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}
