import type { AccessRequest } from "../../evidence/evidence.ts";
import { DEFAULT_RBAC } from "./default-rbac.ts";
import { RbacIndex } from "./rbac-index.ts";

const DEFAULTS = new RbacIndex(DEFAULT_RBAC);

/** The name of the smallest user-facing ClusterRole of every cluster that allows a request; never cluster-admin. */
export function smallestBuiltInRole(attempt: AccessRequest): string | undefined {
  return ["view", "edit", "admin"].find((name) =>
    DEFAULTS.allows({ kind: "ClusterRole", name }, { namespace: undefined, attempt }),
  );
}
