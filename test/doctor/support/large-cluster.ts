import type { RbacObjectJson } from "../../../doctor/evidence/evidence.ts";

/** RBAC of a cluster with many teams: half of the objects are roles, half bindings to them. */
export function largeCluster(size: number): RbacObjectJson[] {
  const teams = Array.from({ length: Math.floor(size / 2) }, (_, index) => index);
  return teams.flatMap((team) => {
    const metadata = { name: `edit-${team}`, namespace: `team-${team % 500}` };
    return [
      {
        kind: "Role",
        metadata,
        rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "services"] }],
      },
      {
        kind: "RoleBinding",
        metadata,
        roleRef: { kind: "Role", name: metadata.name },
        subjects: [
          { kind: "Group", name: `team-${team}` },
          { kind: "User", name: `ada-${team}` },
        ],
      },
    ];
  }) as unknown as RbacObjectJson[];
}
