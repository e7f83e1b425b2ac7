import { PARTITIONS } from "./partitions.ts";

export interface CanonicalArn {
  readonly arn: string;
  /** Roles carry the session name in their user id; users, root and federated users do not. */
  readonly isRole: boolean;
}

/**
 * The ARN that mappings are compared with: an assumed role becomes its role. STS never says a role's path, so there
 * is none. Source: aws-iam-authenticator, pkg/arn/arn.go. Throws an Error with the authenticator's text.
 */
export function canonicalArn(arn: string): CanonicalArn {
  const [, partition = "", service, , account, ...rest] = arn.split(":");
  if (!arn.startsWith("arn:")) throw new Error(`arn '${arn}' is invalid: 'arn: invalid prefix'`);
  if (rest.length === 0) throw new Error(`arn '${arn}' is invalid: 'arn: not enough sections'`);
  if (PARTITIONS[partition] === undefined) {
    throw new Error(`arn '${arn}' does not have a recognized partition`);
  }

  const resource = rest.join(":");
  const [kind, ...names] = resource.split("/");
  if (service === "sts") {
    if (kind === "federated-user") return { arn, isRole: false };
    if (kind !== "assumed-role") throw new Error(`unrecognized resource ${resource} for service sts`);
    if (names.length < 2) throw new Error(`assumed-role arn '${arn}' does not have a role`);
    return { arn: `arn:${partition}:iam::${account}:role/${names.slice(0, -1).join("/")}`, isRole: true };
  }
  if (service === "iam") {
    if (kind === "role") return { arn, isRole: true };
    if (kind === "user" || kind === "root") return { arn, isRole: false };
    throw new Error(`unrecognized resource ${resource} for service iam`);
  }
  throw new Error(`service ${service} in arn ${arn} is not a valid service for identities`);
}

/**
 * A role's ARN without its path; every other ARN as it is. Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user".
 */
export function withoutRolePath(arn: string): string {
  return arn.replace(/^(arn:[^:]+:iam::\d*:role)\/.*\/([^/]+)$/, "$1/$2");
}
