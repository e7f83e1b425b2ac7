import type { AccessRequest } from "../../evidence/evidence.ts";
import { DEFAULT_RBAC } from "./default-rbac.ts";
import { RbacIndex } from "./rbac-index.ts";

const DEFAULTS = new RbacIndex(DEFAULT_RBAC);

/** The name of the smallest ClusterRole for people that has a right in every cluster; not cluster-admin. */
export function smallestBuiltInRole(attempt: AccessRequest): string | undefined {
  return ["view", "edit", "admin"].find((name) =>
    DEFAULTS.allows({ kind: "ClusterRole", name }, { namespace: undefined, attempt }),
  );
}
