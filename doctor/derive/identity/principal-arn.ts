import type { Facts } from "../facts.ts";
import { iamRole } from "./iam-principal.ts";
import { permissionSetRole } from "./permission-set.ts";
import { type Principal, principalOfArn } from "./principal.ts";

/**
 * The principal's own ARN, with its path, as access entries need it. A path that is not known is left out; for roles of
 * IAM Identity Center, which always have one, it stands there in capitals.
 *
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export function principalArn(
  facts: Pick<Facts, "evidence" | "exec" | "mapping">,
  principal: Principal,
): string {
  const { evidence, exec, mapping } = facts;
  const seen = [
    iamRole(evidence, principal)?.Arn,
    mapping?.entry?.principalArn,
    exec?.role,
    evidence.question?.principal,
  ];
  const same = seen.find(
    (arn) => arn?.includes(":iam::") && principalOfArn(arn)?.canonicalArn === principal.canonicalArn,
  );
  if (same !== undefined) return same;
  const { canonicalArn, partition, account, name } = principal;
  if (permissionSetRole(name) === undefined) return canonicalArn;
  return `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${name}`;
}
