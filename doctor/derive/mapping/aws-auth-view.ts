import { type AwsAuth, versionOf, wholeTexts } from "../../eks/aws-auth/aws-auth.ts";
import type { SectionKey } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { AwsAuthEntry, AwsAuthProblem } from "../../eks/aws-auth/aws-auth-section.ts";
import { lazy } from "../../evidence/reads.ts";
import { authFailureConfidence, type Confidence, type MappingCase, minConfidence } from "../confidence.ts";
import { isOtherPrincipal } from "../failure/symptom.ts";

/** aws-auth of a cluster that uses it, and how it relates to the failure. */
export interface AwsAuthView {
  readonly awsAuth: AwsAuth;
  readonly texts: Readonly<Record<string, string>>;
  readonly resourceVersion: string | undefined;
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly (AwsAuthProblem & { readonly section: SectionKey })[];
  /** Confidence that the caller is not mapped because a mapping does not match them; undefined: they are mapped, or accepted. */
  readonly unmapped: Confidence | undefined;
  /** Confidence that the caller is refused because of their line in force; undefined: there is none, or all is well. */
  readonly mapped: Confidence | undefined;
}

export interface PlacedEntry extends AwsAuthEntry {
  readonly section: SectionKey;
}

/** Undefined if aws-auth is not known, does not exist, or is ignored in the cluster's mode. */
export function awsAuthView(facts: MappingCase): AwsAuthView | undefined {
  if (facts.authenticationMode === "API") return undefined;
  const awsAuth = facts.mapping?.awsAuth;
  if (!awsAuth) return undefined;
  const sections = [
    ["mapRoles", awsAuth.roles],
    ["mapUsers", awsAuth.users],
  ] as const;
  return lazy<AwsAuthView>({
    awsAuth: () => awsAuth,
    texts: () => wholeTexts(facts.evidence),
    resourceVersion: () => versionOf(facts.evidence),
    entries: () =>
      sections.flatMap(([section, { entries }]) => entries.map((entry) => ({ section, ...entry }))),
    problems: () =>
      sections.flatMap(([section, { problems }]) => problems.map((problem) => ({ section, ...problem }))),
    unmapped: () => unmappedConfidence(facts),
    mapped: () => mappedConfidence(facts),
  });
}

/** The creator of a CONFIG_MAP cluster needs no line: only a 401 shows that the caller is another user. */
function unmappedConfidence(facts: MappingCase): Confidence | undefined {
  const { mapping, authenticationMode } = facts;
  const refused = authFailureConfidence(facts);
  if (refused === undefined || mapping === undefined || mapping.awsAuthMatch !== undefined) return undefined;
  if (mapping.by === "entry" || mapping.by === "aws-auth") return undefined;
  const isSettled = authenticationMode !== undefined && mapping.by === "nobody";
  const isHiddenCreator = authenticationMode === "CONFIG_MAP" && facts.symptom?.kind !== "unauthorized";
  return isSettled && !isHiddenCreator ? refused : minConfidence(refused, "likely");
}

function mappedConfidence(facts: MappingCase): Confidence | undefined {
  const { mapping, symptom } = facts;
  if (mapping?.awsAuthMatch === undefined || mapping.by === "entry") return undefined;
  if (symptom?.kind === "forbidden" && !isOtherPrincipal(facts)) {
    return mapping.by === "aws-auth" && mapping.username === symptom.user ? "certain" : "likely";
  }
  return symptom === undefined || isOtherPrincipal(facts) ? "likely" : undefined;
}

/** Usernames of nodes, for which every aws-auth has lines. Source: doctor/EKS-ACCESS.md, "Access entries". */
const NODE = /^system:node:/;

/** Whether aws-auth maps anyone but nodes, or was meant to: a broken section or a lost line may be a user's. */
export function mapsPeople(awsAuth: AwsAuth): boolean {
  const { roles, users, accounts, ignoredKeys } = awsAuth;
  const isPerson = ({ username }: AwsAuthEntry) => !NODE.test(username);
  const isBroken = [roles, users].some(
    ({ syntaxError, unread, problems }) => syntaxError !== undefined || unread !== "" || problems.length > 0,
  );
  const hasPerson = [...roles.entries, ...users.entries].some(isPerson);
  return hasPerson || isBroken || accounts.length > 0 || ignoredKeys.length > 0;
}

/** Whether the cluster lets anyone but nodes in by aws-auth, or was meant to; undefined: not known. */
export function awsAuthHasPeople({
  authenticationMode,
  mapping,
}: Pick<MappingCase, "authenticationMode" | "mapping">): boolean | undefined {
  if (authenticationMode === "API") return false;
  const awsAuth = mapping?.awsAuth;
  if (awsAuth === null) return false;
  const maps = awsAuth && mapsPeople(awsAuth);
  return maps === false && mapping?.awsAuthIsExcerpt ? undefined : maps;
}
