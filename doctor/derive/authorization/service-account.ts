/** A service account of Kubernetes. */
export interface ServiceAccount {
  readonly kind: "ServiceAccount";
  readonly name: string;
  readonly namespace: string;
}

/** A subject of a binding. */
export type BindingSubject = ServiceAccount | { readonly kind: "User" | "Group"; readonly name: string };

/** The service account that a user name means. Source: Kubernetes, "Authenticating", service account tokens. */
export function serviceAccountOf(username: string | undefined): ServiceAccount | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username ?? "") ?? [];
  return namespace === undefined || name === undefined
    ? undefined
    : { kind: "ServiceAccount", name, namespace };
}

/** The groups that every service account is in, beside `system:authenticated`. */
export function serviceAccountGroups({ namespace }: ServiceAccount): readonly string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}
