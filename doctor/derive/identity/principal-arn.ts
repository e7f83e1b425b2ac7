import { iamRole } from "../../eks/principal/iam-principal.ts";
import { permissionSetRole } from "../../eks/principal/permission-set.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { knownRoleArns } from "./known-roles.ts";
import { likelyPrincipal } from "./likely-principal.ts";

/**
 * The principal's own ARN with its path, as access entries need it. An unknown path is left out; but for roles of IAM Identity
 * Center, which always have one, its unknown part is in capitals.
 *
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export function principalArn(facts: ArnCase, principal: Principal): string {
  const { partition, account, name } = principal;
  const unknown = `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${name}`;
  return wholeArn(facts, principal) ?? unknown;
}

type ArnCase = Pick<Facts, "evidence" | "exec" | "mapping">;

/** The principal's IAM ARN; undefined if it lacks a path that it is known to have, so that EKS would not find its entry. */
export function wholeArn(facts: ArnCase, principal: Principal): string | undefined {
  const { evidence, exec, mapping } = facts;
  const seen = [
    iamRole(evidence, principal)?.Arn,
    mapping?.entry?.principalArn,
    exec?.role,
    evidence.question?.principal,
    ...knownRoleArns(evidence),
  ];
  const same = seen.find(
    (arn) => arn?.includes(":iam::") && principalOfArn(arn)?.canonicalArn === principal.canonicalArn,
  );
  if (same !== undefined) return same;
  const { canonicalArn, partition, account, name } = principal;
  if (permissionSetRole(name) === undefined) return canonicalArn;
  const path = ssoPath(evidence, account);
  return path === undefined ? undefined : `arn:${partition}:iam::${account}:role/${path}${name}`;
}

/**
 * The ARN for which an access entry can be created: the principal's own; but for root or a federated user, which cannot have one,
 * that of a role of their account. Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export function entryArn(facts: ArnCase, principal: Principal): string {
  const { partition, account } = principal;
  return canHaveEntry(principal)
    ? principalArn(facts, principal)
    : `arn:${partition}:iam::${account}:role/ROLE`;
}

/**
 * The ARN of the caller's own access entry, as in the entry, if that is known; otherwise the one for which an entry can be created.
 */
export function ownEntryArn(facts: Facts): string {
  const principal = likelyPrincipal(facts);
  const own = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  return facts.mapping?.entry?.principalArn ?? own;
}

/** Whether EKS accepts access entries for principals of this kind. */
export function canHaveEntry({ kind }: Pick<Principal, "kind">): boolean {
  return kind === "role" || kind === "user";
}

const SSO_PATH = /:role\/(aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?)AWSReservedSSO_/;

const SSO_REGION = /^[ \t]*sso_region[ \t]*=[ \t]*([a-z0-9-]+)/gm;

/**
 * The path of the account's roles of IAM Identity Center: that of another such role, otherwise by the region in which profiles sign
 * in. For us-east-1 the path has no region.
 *
 * Source: AWS, IAM Identity Center guide, "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and
 * AWS KMS key policies".
 */
function ssoPath(evidence: DoctorEvidence, account: string): string | undefined {
  const others = knownRoleArns(evidence).filter((arn) => principalOfArn(arn)?.account === account);
  const [path] = others.flatMap((arn) => SSO_PATH.exec(arn)?.[1] ?? []);
  if (path !== undefined) return path;
  const config = knownValue(evidence.awsConfig)?.text ?? "";
  const [region, ...more] = new Set([...config.matchAll(SSO_REGION)].map(([, name]) => name));
  if (region === undefined || more.length > 0) return undefined;
  return `aws-reserved/sso.amazonaws.com/${region === "us-east-1" ? "" : `${region}/`}`;
}
