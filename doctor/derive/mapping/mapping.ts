import {
  type AccessEntryJson,
  type DoctorEvidence,
  knownValue,
  type RoleJson,
} from "../../evidence/evidence.ts";
import { awsDate } from "../aws-date.ts";
import { type Principal, principalOfArn } from "../identity/principal.ts";
import { fillTemplate } from "../identity/username-template.ts";
import { type EntrySearch, entryArns, findEntry, findNearMisses, type NearMiss } from "./access-entry.ts";
import { type AwsAuth, type AwsAuthMatch, matchAwsAuth, parseAwsAuth } from "./aws-auth.ts";

/** How the cluster maps the principal: by entry first, then by aws-auth, as its mode says. No union, ever. */
export interface Mapping {
  /**
   * `entry`, `aws-auth`: who maps it. `nobody`: it is known that neither does. `unknown`: something that decides is not
   * known.
   */
  readonly by: "entry" | "aws-auth" | "nobody" | "unknown";
  /** The entry whose principal is this one (path ignored), whether or not it still fits. */
  readonly entry: AccessEntryJson | undefined;
  /** Whether the entries are known: then no `entry` means that there is none. */
  readonly entriesKnown: boolean;
  /** True: the principal was made after its entry, so the entry never matches. False: it was not. Undefined: dates unknown. */
  readonly entryIsStale: boolean | undefined;
  /** Entries that look like it: same name under another path or account, same permission set with another hash. */
  readonly nearMisses: readonly NearMiss[];
  /** aws-auth, parsed as EKS parses it; undefined when unknown, null when there is none. */
  readonly awsAuth: AwsAuth | null | undefined;
  readonly awsAuthMatch: AwsAuthMatch | undefined;
  /** What Kubernetes gets, when that is known. Groups without `system:authenticated`. */
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
}

/**
 * How the evidence says the cluster maps a principal. What the API server itself says of the caller overrules the
 * computed name and groups.
 *
 * Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user".
 */
export function mappingOf(
  evidence: DoctorEvidence,
  principal: Principal | undefined,
  mode: string | undefined,
): Mapping | undefined {
  if (principal === undefined) return undefined;
  const search = findEntry(evidence, principal);
  const entry = search.state === "found" ? search.entry : undefined;
  const role = roleOf(evidence, principal);
  const entryIsStale = entry === undefined ? undefined : isStale(entry, role, principal);
  const awsAuth = parseAwsAuth(evidence.awsAuth);
  const awsAuthMatch = awsAuth ? matchAwsAuth(awsAuth, principal) : undefined;
  const by = decide({ mode, search, entryIsStale, awsAuth, awsAuthMatch });
  return {
    by,
    entry,
    entriesKnown: search.state !== "unknown",
    entryIsStale,
    nearMisses: findNearMisses(
      entryArns(evidence),
      principal,
      principal.kind === "user" ? principal.arn : role?.Arn,
    ),
    awsAuth,
    awsAuthMatch,
    ...(acceptedUser(evidence) ?? outcome(by, { entry, awsAuthMatch, principal })),
  };
}

interface MappingInput {
  readonly mode: string | undefined;
  readonly search: EntrySearch;
  readonly entryIsStale: boolean | undefined;
  readonly awsAuth: AwsAuth | null | undefined;
  readonly awsAuthMatch: AwsAuthMatch | undefined;
}

/** The first mapper that knows the principal wins; a stale entry does not know it. */
function decide({ mode, search, entryIsStale, awsAuth, awsAuthMatch }: MappingInput): Mapping["by"] {
  if (mode !== "CONFIG_MAP") {
    if (search.state === "found" && entryIsStale !== true) return "entry";
    if (search.state === "unknown") return "unknown";
    if (mode === "API") return "nobody";
  }
  if (awsAuth === undefined) return "unknown";
  if (awsAuthMatch === undefined) return "nobody";
  return mode === undefined ? "unknown" : "aws-auth";
}

/** The username an entry gives a principal, with its templates filled; undefined when that cannot be known. */
export function entryUsername(entry: AccessEntryJson, principal: Principal): string | undefined {
  if (entry.username !== undefined) return fillTemplate(entry.username, principal);
  if (entry.type !== "STANDARD") return undefined;
  if (principal.kind === "user") return entry.principalArn;
  const { partition, account, name } = principal;
  return fillTemplate(`arn:${partition}:sts::${account}:assumed-role/${name}/{{SessionName}}`, principal);
}

function outcome(
  by: Mapping["by"],
  {
    entry,
    awsAuthMatch,
    principal,
  }: {
    readonly entry: AccessEntryJson | undefined;
    readonly awsAuthMatch: AwsAuthMatch | undefined;
    readonly principal: Principal;
  },
): Pick<Mapping, "username" | "groups"> {
  if (by === "entry" && entry !== undefined) {
    return { username: entryUsername(entry, principal), groups: entry.kubernetesGroups };
  }
  if (by === "aws-auth" && awsAuthMatch !== undefined) {
    const groups = awsAuthMatch.groups.map((group) => fillTemplate(group, principal));
    return {
      username: fillTemplate(awsAuthMatch.username, principal),
      groups: groups.every((group) => group !== undefined) ? groups : undefined,
    };
  }
  return { username: undefined, groups: undefined };
}

/** Whom the API server took the caller for; undefined when nobody asked, or when the question is about somebody else. */
function acceptedUser(evidence: DoctorEvidence): Pick<Mapping, "username" | "groups"> | undefined {
  const user = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  if (user?.username === undefined || evidence.question?.principal !== undefined) return undefined;
  return {
    username: user.username,
    groups: user.groups?.filter((group) => group !== "system:authenticated"),
  };
}

/** What IAM says of the caller's role, if the evidence holds that very role. */
function roleOf(evidence: DoctorEvidence, principal: Principal): RoleJson | undefined {
  const role = knownValue(evidence.role)?.Role;
  if (role === undefined || principal.kind !== "role") return undefined;
  return principalOfArn(role.Arn)?.canonicalArn === principal.canonicalArn ? role : undefined;
}

/**
 * EKS keeps the unique id of the principal that existed when the entry was made. A session that still runs under another
 * id than the role has today tells nothing of the role's entry.
 */
function isStale(
  entry: AccessEntryJson,
  role: RoleJson | undefined,
  principal: Principal,
): boolean | undefined {
  const roleMade = awsDate(role?.CreateDate);
  const entryMade = awsDate(entry.createdAt);
  if (roleMade === undefined || entryMade === undefined) return undefined;
  if (principal.uniqueId !== undefined && principal.uniqueId !== role?.RoleId) return undefined;
  return roleMade > entryMade;
}
