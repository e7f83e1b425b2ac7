import { attemptMeant, namespaceMeant } from "../derive/authorization/attempt-of-command.ts";
import type { Facts } from "../derive/facts.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { accessPolicyArn, associatePolicy, CLUSTER_SCOPE, createEntry } from "./access-entry-actions.ts";
import type { Action } from "./fix.ts";
import { smallestPolicy } from "./grant-fixes.ts";
import { ownGroup } from "./own-group.ts";

type Meant = Pick<
  Facts,
  "target" | "attempt" | "question" | "context" | "isOtherPrincipal" | "eksCall" | "evidence"
>;

/** What an access entry is to grant. */
export interface MeantGrant {
  /** `a policy: AmazonEKSViewPolicy in namespace web, the smallest for what was tried` */
  readonly says: string;
  /** Whether it is a policy to associate; otherwise it is a group of the entry. */
  readonly isPolicy: boolean;
  readonly groups: readonly string[];
  readonly actions: readonly Action[];
}

/**
 * The smallest access policy that allows what was tried, in the namespace where it was tried; if none does, a group that RBAC
 * allows exactly this. The view policy, if it is not known what was tried.
 */
export function meantGrant(facts: Meant, principalArn: string): MeantGrant {
  const { target, isOtherPrincipal, eksCall } = facts;
  const attempt = attemptMeant(facts);
  const name = attempt === undefined ? "AmazonEKSViewPolicy" : smallestPolicy(attempt);
  if (name === undefined) {
    const { group, says, actions } = ownGroup(facts, principalOfArn(principalArn));
    return {
      says: `${says}; no access policy allows what was tried`,
      isPolicy: false,
      groups: [group],
      actions,
    };
  }
  const isForeign = isOtherPrincipal || eksCall?.operation !== undefined;
  const namespace = attempt !== undefined || isForeign ? attempt?.namespace : namespaceMeant(facts);
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  const accessScope =
    namespace === undefined ? CLUSTER_SCOPE : { type: "namespace", namespaces: [namespace] };
  return {
    says: `access policy ${name} ${where}, the smallest ${attempt === undefined ? "one for viewing" : "one that allows what was tried"}`,
    isPolicy: true,
    groups: [],
    actions: [
      associatePolicy(target, principalArn, { policyArn: accessPolicyArn(target, name), accessScope }),
    ],
  };
}

/** Creates an access entry that grants what was tried, and no more. */
export function entryMeant(facts: Meant, principalArn: string, type?: string): readonly Action[] {
  const { groups, actions } = meantGrant(facts, principalArn);
  const settings = { kubernetesGroups: groups, ...(type !== undefined && { type }) };
  return [createEntry(facts.target, principalArn, settings), ...actions];
}

/** `with access policy AmazonEKSViewPolicy in namespace web, …`, or `with group vouch-dev, bound to …` */
export function withMeant(facts: Meant, principalArn: string): string {
  return `with ${meantGrant(facts, principalArn).says}`;
}
