/** The role that IAM Identity Center creates in an account for one permission set. */
interface PermissionSetRole {
  readonly set: string;
  /** Changes whenever the set is provisioned again. */
  readonly hash: string;
}

/** Reads `AWSReservedSSO_<set>_<hash>`; undefined for other roles. Source: doctor/EKS-ACCESS.md, "Access entries". */
export function permissionSetRole(roleName: string): PermissionSetRole | undefined {
  const [, set, hash] = /^AWSReservedSSO_(.+)_([0-9a-f]{16})$/i.exec(roleName) ?? [];
  return set === undefined || hash === undefined ? undefined : { set, hash };
}
