import { VouchError } from "../../token/errors/errors.ts";

/** Throws `cluster-name-invalid` for a name that no EKS cluster can have. Source: EKS API, CreateCluster, `name`. */
export function requireClusterName(name: string): void {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return;
  throw new VouchError(
    "cluster-name-invalid",
    `${JSON.stringify(name)} cannot be the name of an EKS cluster.`,
  );
}
