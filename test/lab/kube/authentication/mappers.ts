import type { AccessEntry } from "../../model.ts";
import { type ArnMapping, type AwsAuth, isSameFolded, parseAwsAuth } from "./aws-auth.ts";
import type { CallerIdentity } from "./caller-identity.ts";
import { withoutRolePath } from "./canonical-arn.ts";

/** What one backend says about an identity: templates, not yet filled. */
interface Mapping {
  readonly username: string;
  readonly groups: readonly string[];
  readonly entry?: AccessEntry;
  /** Usernames may not begin with these. */
  readonly reservedPrefixes: readonly string[];
}

/** One backend of the authenticator. */
export interface Mapper {
  readonly name: "DynamicFile" | "EKSConfigMap";
  /** `undefined`: not mapped here. Throws when an entry is there but does not fit. */
  map(identity: CallerIdentity): Mapping | undefined;
  /** Accounts whose principals are let in without rights. */
  allowsAccount(accountId: string): boolean;
}

/** Source: doctor/EKS-ACCESS.md, "Username templates". */
const RESERVED_PREFIXES = ["system:", "eks:", "aws:", "amazon:", "iam:"];

/**
 * Access entries, keyed by the principal's unique id: an entry whose role was deleted and made again never matches.
 * Entries for nodes are made by AWS itself, so its reserved prefixes do not bind them.
 */
export function accessEntryMapper(entries: Iterable<AccessEntry>): Mapper {
  return {
    name: "DynamicFile",
    map(identity) {
      const entry = [...entries].find(({ principalId }) => principalId === identity.userId);
      if (entry === undefined) return undefined;
      if (withoutRolePath(entry.principalArn).toLowerCase() !== identity.canonicalArn.toLowerCase()) {
        throw new Error("ARN does not match User ID");
      }
      const reservedPrefixes = entry.type === "STANDARD" ? RESERVED_PREFIXES : [];
      const username = entry.username === "" ? defaultUsername(entry.principalArn) : entry.username;
      return { username, groups: entry.kubernetesGroups, entry, reservedPrefixes };
    },
    allowsAccount: () => false,
  };
}

/** The username EKS gives an entry that names none. Source: doctor/EKS-ACCESS.md, "Access entries". */
function defaultUsername(principalArn: string): string {
  const [, partition, account, name] =
    /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principalArn) ?? [];
  if (name === undefined) return principalArn;
  return `arn:${partition}:sts::${account}:assumed-role/${name}/{{SessionName}}`;
}

/** ConfigMap kube-system/aws-auth: roles before users, the later of two entries wins, ARNs in any case. */
export function awsAuthMapper(data: Readonly<Record<string, string>>): Mapper & Pick<AwsAuth, "errors"> {
  const { roles, users, accounts, errors } = parseAwsAuth(data);
  const find = (mappings: readonly ArnMapping[], arn: string) =>
    mappings.findLast((mapping) => isSameFolded(mapping.arn, arn));
  return {
    name: "EKSConfigMap",
    errors,
    map(identity) {
      const found = find(roles, identity.canonicalArn) ?? find(users, identity.canonicalArn);
      return found && { username: found.username, groups: found.groups, reservedPrefixes: [] };
    },
    allowsAccount: (accountId) => accounts.includes(accountId),
  };
}
