import { type AccessEntryJson, type DoctorEvidence, isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { lazy } from "../../evidence/reads.ts";
import { type AwsAuth, type AwsAuthMatch, matchAwsAuth, parseAwsAuth } from "../aws-auth/aws-auth.ts";
import { type IamPrincipal, iamPrincipal } from "../principal/iam-principal.ts";
import type { Principal } from "../principal/principal.ts";
import { fillTemplate } from "../principal/username-template.ts";
import { type EntrySearch, entryArns, findEntry, findNearMisses, type NearMiss } from "./access-entry.ts";
import { awsDate } from "./aws-date.ts";

/**
 * How the cluster maps the principal: by access entry first, then by aws-auth, depending on its mode. The two are never merged.
 */
export interface Mapping {
  /**
   * `entry`, `aws-auth`: which of them maps it. `nobody`: it is known that neither does. `unknown`: something needed to decide is
   * not known.
   */
  readonly by: "entry" | "aws-auth" | "nobody" | "unknown";
  /** The entry with this principal's ARN (ignoring the path), even if it no longer matches. */
  readonly entry: AccessEntryJson | undefined;
  /** Whether the entries are known, so that without `entry` there is none. */
  readonly entriesKnown: boolean;
  /** True: the principal was created after its entry, so the entry never matches. False: it was not. Undefined: dates unknown. */
  readonly entryIsStale: boolean | undefined;
  /** Entries that resemble it: the same name with another path or account, the same permission set with another hash. */
  readonly nearMisses: readonly NearMiss[];
  /** Lines of aws-auth that resemble it in the same way. */
  readonly awsAuthNearMisses: readonly NearMiss[];
  /** aws-auth, parsed as EKS parses it; undefined when unknown, null when there is none. */
  readonly awsAuth: AwsAuth | null | undefined;
  /** Whether some of its lines are left out, so that a line which is not here may exist. */
  readonly awsAuthIsExcerpt: boolean;
  readonly awsAuthMatch: AwsAuthMatch | undefined;
  /** What Kubernetes gets, if known. Groups without `system:authenticated`. */
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
}

/** Whether it is known that an entry or aws-auth maps the principal. */
export function isMapped(mapping: Mapping | undefined): boolean {
  return mapping?.by === "entry" || mapping?.by === "aws-auth";
}

/**
 * How the cluster maps a principal, according to the evidence. What the API server itself says about the caller overrides the
 * computed name and groups.
 *
 * Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user".
 */
export function mappingOf(facts: MappedCase): Mapping | undefined {
  const { evidence, principal } = facts;
  if (principal === undefined) return undefined;
  const found: MappingSearch = lazy<MappingSearch>({
    search: () => findEntry(evidence, principal),
    entry: () => (found.search.state === "found" ? found.search.entry : undefined),
    entriesKnown: () => found.search.state !== "unknown",
    iam: () => iamPrincipal(evidence, principal),
    entryIsStale: () => (found.entry === undefined ? undefined : isStale(found.entry, found.iam, principal)),
    awsAuth: () => parseAwsAuth(evidence.awsAuth),
    awsAuthIsExcerpt: () => isExcerpt(evidence, "awsAuth"),
    awsAuthMatch: () => (found.awsAuth ? matchAwsAuth(found.awsAuth, principal) : undefined),
    by: () => decide(found, facts.authenticationMode),
    user: () => acceptedUser(evidence) ?? outcome(found, principal),
    nearMisses: () => findNearMisses(entryArns(evidence), principal, () => realArn(principal, found)),
    awsAuthNearMisses: () => findNearMisses(lineArns(found.awsAuth), principal, () => undefined),
    username: () => found.user.username,
    groups: () => found.user.groups,
  });
  return found;
}

interface MappedCase {
  readonly evidence: DoctorEvidence;
  readonly principal: Principal | undefined;
  readonly authenticationMode: string | undefined;
}

/** A mapping, with intermediate results. */
interface MappingSearch extends Mapping {
  readonly search: EntrySearch;
  readonly iam: IamPrincipal | undefined;
  readonly user: Pick<Mapping, "username" | "groups">;
}

function lineArns(awsAuth: AwsAuth | null | undefined): string[] {
  return [...(awsAuth?.roles.entries ?? []), ...(awsAuth?.users.entries ?? [])].map(({ arn }) => arn);
}

/** The principal's ARN with its path, if known. */
function realArn(principal: Principal, found: MappingSearch): string | undefined {
  return principal.kind === "user" ? principal.arn : found.iam?.Arn;
}

/** The first mapper that knows the principal wins; a stale entry does not match it. */
function decide(found: MappingSearch, mode: string | undefined): Mapping["by"] {
  if (mode !== "CONFIG_MAP") {
    const { state } = found.search;
    if (state === "found" && found.entryIsStale !== true) return "entry";
    if (state === "unknown") return "unknown";
    if (mode === "API") return "nobody";
  }
  if (found.awsAuth === undefined) return "unknown";
  if (found.awsAuthMatch === undefined) return found.awsAuthIsExcerpt ? "unknown" : "nobody";
  return mode === undefined ? "unknown" : "aws-auth";
}

/** The username in the mapping as written, with its templates; undefined if it is not known. */
export function usernameTemplate(mapping: Mapping | undefined): string | undefined {
  return mapping?.by === "aws-auth" ? mapping.awsAuthMatch?.username : mapping?.entry?.username;
}

/** The username that an entry gives a principal, with its templates filled in; undefined if it cannot be known. */
export function entryUsername(entry: AccessEntryJson, principal: Principal): string | undefined {
  if (entry.username !== undefined) return fillTemplate(entry.username, principal);
  if (entry.type !== "STANDARD") return undefined;
  if (principal.kind === "user") return entry.principalArn;
  const { partition, account, name } = principal;
  return fillTemplate(`arn:${partition}:sts::${account}:assumed-role/${name}/{{SessionName}}`, principal);
}

function outcome(found: MappingSearch, principal: Principal): Pick<Mapping, "username" | "groups"> {
  if (found.by === "entry" && found.entry !== undefined) {
    return { username: entryUsername(found.entry, principal), groups: found.entry.kubernetesGroups };
  }
  if (found.by === "aws-auth" && found.awsAuthMatch !== undefined) {
    const groups = found.awsAuthMatch.groups.map((group) => fillTemplate(group, principal));
    return {
      username: fillTemplate(found.awsAuthMatch.username, principal),
      groups: groups.every((group) => group !== undefined) ? groups : undefined,
    };
  }
  return { username: undefined, groups: undefined };
}

/** Whom the API server took the caller for; undefined if it was not asked, or if the question is about another user. */
function acceptedUser(evidence: DoctorEvidence): Pick<Mapping, "username" | "groups"> | undefined {
  if (evidence.question?.principal !== undefined) return undefined;
  const user = knownValue(evidence.selfSubjectReview)?.status.userInfo;
  if (user?.username === undefined) return undefined;
  return {
    username: user.username,
    groups: user.groups?.filter((group) => group !== "system:authenticated"),
  };
}

/**
 * EKS keeps the unique id of the principal that existed when the entry was created. A session that still runs under an id other
 * than the role's current one says nothing about the role's entry.
 */
function isStale(
  entry: AccessEntryJson,
  iam: IamPrincipal | undefined,
  principal: Principal,
): boolean | undefined {
  const made = awsDate(iam?.CreateDate);
  const entryMade = awsDate(entry.createdAt);
  if (made === undefined || entryMade === undefined) return undefined;
  const [own, now] = [principal.uniqueId, iam?.id];
  if (own !== undefined && now !== undefined && own !== now) return undefined;
  return made > entryMade;
}
