import type { AwsAuth } from "../../eks/aws-auth/aws-auth.ts";
import type { AwsAuthEntry } from "../../eks/aws-auth/aws-auth-section.ts";
import type { MappingCase } from "./auth-failure-confidence.ts";

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
