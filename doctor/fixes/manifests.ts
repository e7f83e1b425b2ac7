import { stringify } from "yaml";
import type { AssociateAccessPolicy, CreateAccessEntry, CreateBinding } from "./fix.ts";

export const RBAC = "rbac.authorization.k8s.io";

/**
 * An entry with its policies, as a file for `eksctl create accessentry -f`.
 *
 * Source: eksctl-io/eksctl, userdocs/src/usage/access-entries.md.
 */
export function eksctlFile(entry: CreateAccessEntry, policies: readonly AssociateAccessPolicy[]): string {
  return yaml({
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: entry.target.cluster, region: entry.target.region },
    accessConfig: {
      accessEntries: [
        {
          principalARN: entry.principalArn,
          ...(entry.type === undefined ? {} : { type: entry.type }),
          ...(entry.groups.length === 0 ? {} : { kubernetesGroups: entry.groups }),
          ...(entry.username === undefined ? {} : { kubernetesUsername: entry.username }),
          ...accessPolicies(policies),
        },
      ],
    },
  });
}

/** An access entry as an object for AWS's controller for Kubernetes. Source: ACK, eks.services.k8s.aws/v1alpha1 AccessEntry. */
export function ackManifest(entry: CreateAccessEntry, policies: readonly AssociateAccessPolicy[]): string {
  const name = entry.principalArn.split("/").at(-1) ?? entry.principalArn;
  return yaml({
    apiVersion: "eks.services.k8s.aws/v1alpha1",
    kind: "AccessEntry",
    metadata: { name: name.toLowerCase().replaceAll(/[^a-z0-9.-]/g, "-") },
    spec: {
      clusterName: entry.target.cluster,
      principalARN: entry.principalArn,
      ...(entry.type === undefined ? {} : { type: entry.type }),
      ...(entry.groups.length === 0 ? {} : { kubernetesGroups: entry.groups }),
      ...(entry.username === undefined ? {} : { username: entry.username }),
      ...accessPolicies(policies),
    },
  });
}

export function bindingManifest({ name, namespace, role, subject }: Omit<CreateBinding, "kind">): string {
  return yaml({
    apiVersion: `${RBAC}/v1`,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: RBAC, kind: role.kind, name: role.name },
    subjects: [subject.kind === "ServiceAccount" ? subject : { apiGroup: RBAC, ...subject }],
  });
}

function accessPolicies(policies: readonly AssociateAccessPolicy[]): object {
  if (policies.length === 0) return {};
  return {
    accessPolicies: policies.map(({ policyArn, scope }) => ({ policyARN: policyArn, accessScope: scope })),
  };
}

export function yaml(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
