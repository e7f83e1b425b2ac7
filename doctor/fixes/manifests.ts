import { stringify } from "yaml";
import { RBAC } from "../eks/rbac/rbac-rule.ts";
import type { AssociateAccessPolicy, CreateAccessEntry, CreateBinding } from "./fix.ts";

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
          ...settingsOf(entry),
          kubernetesUsername: entry.username,
          accessPolicies: accessPolicies(policies),
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
      ...settingsOf(entry),
      username: entry.username,
      accessPolicies: accessPolicies(policies),
    },
  });
}

export function bindingManifest({ name, namespace, role, subject }: Omit<CreateBinding, "kind">): string {
  return yaml({
    apiVersion: `${RBAC}/v1`,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: RBAC, kind: role.kind, name: role.name },
    subjects: [subject.kind === "ServiceAccount" ? subject : { apiGroup: RBAC, ...subject }],
  });
}

/** What both kinds of files call alike. */
function settingsOf({ principalArn, type, groups }: CreateAccessEntry): object {
  return { principalARN: principalArn, type, kubernetesGroups: groups.length === 0 ? undefined : groups };
}

function accessPolicies(policies: readonly AssociateAccessPolicy[]): readonly object[] | undefined {
  if (policies.length === 0) return undefined;
  return policies.map(({ policyArn, scope }) => ({ policyARN: policyArn, accessScope: scope }));
}

/** Without fields that are undefined. */
export function yaml(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
