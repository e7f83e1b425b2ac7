import { type DoctorEvidence, hasMore, knownValue, type RoleJson } from "../../evidence/evidence.ts";
import { firstOf, lazy } from "../../evidence/reads.ts";
import { permissionSetRole } from "./permission-set.ts";
import { type Principal, principalOfArn } from "./principal.ts";

/** What IAM says about a role, in GetRole or ListRoles; undefined if the evidence does not have this role. */
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

/** What IAM says about a role or user: its unique id, and when it was created. */
export interface IamPrincipal {
  readonly Arn: string;
  readonly id: string | undefined;
  readonly CreateDate: string | number | undefined;
}

/** Undefined if the evidence does not have this principal. */
export function iamPrincipal(
  evidence: Pick<DoctorEvidence, "role" | "roles" | "user">,
  principal: Pick<Principal, "kind" | "canonicalArn">,
): IamPrincipal | undefined {
  if (principal.kind === "user") {
    const user = "user" in evidence ? knownValue(evidence.user)?.User : undefined;
    return user?.Arn === principal.canonicalArn ? readWhenUsed(user, () => user.UserId) : undefined;
  }
  const role = iamRole(evidence, principal);
  return role && readWhenUsed(role, () => role.RoleId);
}

/** A field that was left out is missing only to those who read it. */
function readWhenUsed(
  answer: Pick<RoleJson, "Arn" | "CreateDate">,
  id: () => string | undefined,
): IamPrincipal {
  return lazy<IamPrincipal>({ Arn: () => answer.Arn, id, CreateDate: () => answer.CreateDate });
}

/**
 * Those of the roles that are known not to exist, since a complete ListRoles of their account does not have them. A list of
 * permission sets alone is that of their path, and says nothing about others.
 */
export function absentRoles(
  evidence: Pick<DoctorEvidence, "roles" | "excerpts">,
  arns: readonly string[],
): string[] {
  const answer = "roles" in evidence ? knownValue(evidence.roles) : undefined;
  if (answer === undefined || hasMore(evidence, "roles")) return [];
  const listed = answer.Roles.flatMap(({ Arn }) => principalOfArn(Arn) ?? []);
  const accounts = new Set(listed.map(({ account }) => account));
  const names = new Set(listed.map(({ canonicalArn }) => canonicalArn));
  const isOfSetsAlone = listed.every(({ name }) => permissionSetRole(name) !== undefined);
  return arns.filter((arn) => {
    const role = principalOfArn(arn);
    if (role?.kind !== "role" || !accounts.has(role.account) || names.has(role.canonicalArn)) return false;
    return !isOfSetsAlone || permissionSetRole(role.name) !== undefined;
  });
}
