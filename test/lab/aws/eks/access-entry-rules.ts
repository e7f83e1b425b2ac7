import type { AccessEntry, LabWorld } from "../../model.ts";
import { type Arn, nameInArn, parseArn } from "../arn.ts";
import { findRole } from "../caller.ts";
import { invalidParameter } from "./call.ts";

type EntryType = AccessEntry["type"];

/**
 * Names that belong to Kubernetes and AWS. Source: doctor/EKS-ACCESS.md, "Access entries"; measured one by one in
 * September 2026.
 */
const RESERVED_PREFIXES = ["system:", "eks:", "aws:", "amazon:", "iam:"];

/** What EKS itself gives to entries of nodes. Source: doctor/EKS-ACCESS.md, "Access entries". */
const NODE_DEFAULTS: Readonly<
  Record<Exclude<EntryType, "STANDARD">, { username: string; groups: readonly string[] }>
> = {
  EC2_LINUX: { username: "system:node:{{EC2PrivateDNSName}}", groups: ["system:nodes"] },
  EC2_WINDOWS: {
    username: "system:node:{{EC2PrivateDNSName}}",
    groups: ["eks:kube-proxy-windows", "system:nodes"],
  },
  EC2: { username: "system:node:{{EC2PrivateDNSName}}", groups: ["system:nodes"] },
  FARGATE_LINUX: { username: "system:node:{{SessionName}}", groups: ["system:nodes"] },
  HYBRID_LINUX: { username: "system:node:{{SessionName}}", groups: ["system:nodes"] },
  HYPERPOD_LINUX: { username: "system:node:{{SessionName}}", groups: ["system:nodes"] },
};
const NODE_TYPES_SAID = "[EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2]";

/** What a caller may ask of an entry; undefined means that it did not say. */
export interface EntryWish {
  readonly type: EntryType;
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
}

export function requireType(type: string): EntryType {
  if (type === "STANDARD" || Object.hasOwn(NODE_DEFAULTS, type)) return type as EntryType;
  throw invalidParameter(`The specified type is invalid: ${type}`);
}

/** The rules of names and groups; they need no cluster, and come before it is looked for. */
export function requireWish({ type, username, groups }: EntryWish): void {
  if (type !== "STANDARD") {
    if (groups !== undefined && groups.length > 0) throw forbiddenFor("kubernetesGroups", type);
    if (username !== undefined) throw forbiddenFor("username", type);
    return;
  }
  for (const group of groups ?? []) {
    const prefix = RESERVED_PREFIXES.find((candidate) => group.startsWith(candidate));
    if (prefix) {
      throw invalidParameter(`The kubernetes group name ${group} is invalid, it cannot start with ${prefix}`);
    }
  }
  if (username !== undefined) requireUsername(username);
}

/** Refuses what cannot be a principal by its ARN alone. */
export function requirePrincipalForm(principalArn: string, type: EntryType, accountId: string): Arn {
  if (/:role\/aws-service-role\//.test(principalArn)) {
    throw invalidParameter(
      "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
    );
  }
  const arn = parseArn(principalArn);
  if (arn?.service !== "iam" || !/^(role|user)\/./.test(arn.resource)) throw invalidPrincipal();
  if (type === "STANDARD") return arn;
  if (!arn.resource.startsWith("role/")) {
    throw invalidParameter(`AccessEntry principalArn must be IAM role when using types ${NODE_TYPES_SAID}`);
  }
  if (arn.account !== accountId) {
    throw invalidParameter(
      `AccessEntry principalArn must be from the same account as the cluster when using types ${NODE_TYPES_SAID}`,
    );
  }
  return arn;
}

/** The unique ID of an ARN's principal, which EKS remembers. The ARN must be the real one, with its path. */
export function requirePrincipalId(world: LabWorld, principalArn: string): string {
  const user = [...world.users.values()].find(({ arn }) => arn === principalArn);
  const id = findRole(world, principalArn)?.uniqueId ?? user?.uniqueId;
  if (id === undefined) throw invalidPrincipal();
  return id;
}

export function defaultUsername(type: EntryType, principalArn: string): string {
  if (type !== "STANDARD") return NODE_DEFAULTS[type].username;
  const { partition, account, resource } = parseArn(principalArn) ?? {
    partition: "aws",
    account: "",
    resource: "",
  };
  if (resource.startsWith("user/")) return principalArn;
  return `arn:${partition}:sts::${account}:assumed-role/${nameInArn(principalArn)}/{{SessionName}}`;
}

export function defaultGroups(type: EntryType): string[] {
  return type === "STANDARD" ? [] : [...NODE_DEFAULTS[type].groups];
}

/** The sentence about the colon is not AWS's own; its rule is. */
function requireUsername(username: string): void {
  const prefix = RESERVED_PREFIXES.find((candidate) => username.startsWith(candidate));
  if (prefix) throw invalidParameter(`The username must not begin with ${prefix}`);
  const template = username.search(/\{\{SessionName(Raw)?\}\}/);
  if (template >= 0 && !username.slice(0, template).includes(":")) {
    throw invalidParameter("The specified username is invalid: a colon must come before the session name");
  }
}

function forbiddenFor(member: string, type: EntryType): Error {
  return invalidParameter(
    `The specified ${member} is invalid: setting ${member} is not allowed when the type is "${type}"`,
  );
}

function invalidPrincipal(): Error {
  return invalidParameter("The specified principalArn is invalid: invalid principal.");
}
