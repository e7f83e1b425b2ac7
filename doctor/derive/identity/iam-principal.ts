import { type DoctorEvidence, isExcerpt, knownValue, type RoleJson } from "../../evidence/evidence.ts";
import { firstOf } from "../../evidence/reads.ts";
import { type Principal, principalOfArn } from "./principal.ts";

/** What IAM says of a role, in GetRole or ListRoles; undefined when the evidence does not hold that very role. */
export function iamRole(
  evidence: Pick<DoctorEvidence, "role" | "roles">,
  { kind, canonicalArn }: Pick<Principal, "kind" | "canonicalArn">,
): RoleJson | undefined {
  if (kind !== "role") return undefined;
  const isMeant = (role: RoleJson) => principalOfArn(role.Arn)?.canonicalArn === canonicalArn;
  const asked = (): RoleJson | undefined => {
    const role = knownValue(evidence.role)?.Role;
    return role !== undefined && isMeant(role) ? role : undefined;
  };
  return "roles" in evidence
    ? firstOf(asked, () => knownValue(evidence.roles)?.Roles.find(isMeant))
    : asked();
}

/** What IAM says of a role or user: who it is by its unique id, and since when. */
export interface IamPrincipal {
  readonly Arn: string;
  readonly id: string | undefined;
  readonly CreateDate: string | number | undefined;
}

/** Undefined when the evidence does not hold that very principal. */
export function iamPrincipal(
  evidence: Pick<DoctorEvidence, "role" | "roles" | "user">,
  principal: Pick<Principal, "kind" | "canonicalArn">,
): IamPrincipal | undefined {
  if (principal.kind === "user") {
    const user = "user" in evidence ? knownValue(evidence.user)?.User : undefined;
    return user?.Arn === principal.canonicalArn
      ? { Arn: user.Arn, id: user.UserId, CreateDate: user.CreateDate }
      : undefined;
  }
  const role = iamRole(evidence, principal);
  return role && { Arn: role.Arn, id: role.RoleId, CreateDate: role.CreateDate };
}

/** Whether a role of the caller's account is known not to exist: ListRoles, in full, does not have it. */
export function isAbsentRole(
  evidence: Pick<DoctorEvidence, "roles" | "excerpts">,
  arn: string,
  { account }: Pick<Principal, "account">,
): boolean {
  const role = principalOfArn(arn);
  if (role?.kind !== "role" || role.account !== account || !("roles" in evidence)) return false;
  const list = knownValue(evidence.roles)?.Roles;
  if (list === undefined || list.length === 0 || isExcerpt(evidence, "roles")) return false;
  return !list.some(({ Arn }) => principalOfArn(Arn)?.canonicalArn === role.canonicalArn);
}
