import { entryArns } from "../../eks/mapping/access-entry.ts";
import { absentRoles, iamRole } from "../../eks/principal/iam-principal.ts";
import { permissionSetRole } from "../../eks/principal/permission-set.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { plainText } from "../pasted-text.ts";
import { awsProfiles } from "./aws-profile-chain.ts";
import { workloadOf } from "./workload.ts";

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

type CallerCase = Pick<Facts, "evidence" | "principal" | "isOtherPrincipal" | "symptom">;

/** The principal that IAM refuses. Source: IAM user guide, "Troubleshoot access denied error messages". */
const REFUSED = /\bUser: (arn:[a-z-]+:(?:sts|iam)::\d{12}:[^\s"']+) is not authorized/;

/**
 * The principal that a command for the caller most likely needs: the known one, otherwise the one that AWS or the cluster names when
 * it refuses the call. Only for commands, whose reader sees the name; nothing is concluded from it.
 */
export function likelyPrincipal(facts: CallerCase): Principal | undefined {
  const { evidence, principal, isOtherPrincipal, symptom } = facts;
  if (principal !== undefined || isOtherPrincipal) return principal;
  const user = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const arns = [
    REFUSED.exec(plainText(evidence.question?.stderr ?? ""))?.[1],
    symptom?.kind === "forbidden" ? symptom.user : undefined,
    ...(user?.extra?.["arn"] ?? []),
    user?.username,
  ];
  return arns.map((arn) => principalOfArn(arn ?? "")).find((found) => found !== undefined);
}

/** ARNs of the roles that the evidence shows anywhere: in IAM, in access entries, in profiles, on the machine. */
export function knownRoleArns(evidence: DoctorEvidence): string[] {
  const profiles = [...awsProfiles(evidence).byName.values()];
  const arns = [
    knownValue(evidence.role)?.Role.Arn,
    ...(knownValue(evidence.roles)?.Roles ?? []).map(({ Arn }) => Arn),
    ...entryArns(evidence),
    workloadOf(evidence)?.instanceRole,
    ...profiles.map(({ settings, vouch }) => vouch?.role ?? settings["role_arn"]),
  ];
  const roles = arns.filter((arn) => arn !== undefined && principalOfArn(arn)?.kind === "role");
  return [...new Set(roles as string[])];
}

/** True: IAM says that there is no such role, or lists the roles of its account without it. */
export function isMissingRole(evidence: DoctorEvidence, arn: string): boolean {
  const [, missing] = /role with name (\S+) cannot be found/i.exec(failureOf(evidence.role) ?? "") ?? [];
  return (
    (missing !== undefined && missing === principalOfArn(arn)?.name) ||
    absentRoles(evidence, [arn]).length > 0
  );
}
