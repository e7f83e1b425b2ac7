import type { IamRole, TrustStatement } from "../../model.ts";
import { parseArn } from "../arn.ts";
import type { Caller } from "../caller.ts";
import { type ConditionContext, conditionsHold } from "./conditions.ts";
import { listed, matchesAction } from "./wildcard.ts";

/** Who wants to assume a role: an OIDC provider's ARN, or an AWS principal. */
type Subject = { readonly provider: string } | { readonly caller: Caller };

/**
 * What a trust policy says of an action: `delegated` when it trusts the caller's account, not the caller; then the
 * caller's own policy must allow the action too.
 */
export type TrustVerdict = "direct" | "delegated" | "denied";

interface TrustQuestion {
  readonly role: IamRole;
  readonly subject: Subject;
  readonly action: string;
  readonly context: ConditionContext;
}

export function judgeTrust({ role, subject, action, context }: TrustQuestion): TrustVerdict {
  const verdicts = role.trust
    .filter((statement) => listed(statement.Action).some((pattern) => matchesAction(pattern, action)))
    .filter((statement) => conditionsHold(statement.Condition ?? {}, context))
    .map((statement) => ({ effect: statement.Effect, match: principalMatch(statement, subject) }))
    .filter(({ match }) => match !== "denied");
  if (verdicts.some(({ effect }) => effect === "Deny")) return "denied";
  if (verdicts.some(({ match }) => match === "direct")) return "direct";
  return verdicts.length > 0 ? "delegated" : "denied";
}

function principalMatch({ Principal }: TrustStatement, subject: Subject): TrustVerdict {
  if (Principal === "*") return "direct";
  if ("provider" in subject) {
    return listed(Principal.Federated ?? []).includes(subject.provider) ? "direct" : "denied";
  }
  const { caller } = subject;
  const trusted = listed(Principal.AWS ?? []);
  if (trusted.some((arn) => arn === "*" || arn === caller.arn || arn === caller.principal.arn))
    return "direct";
  return trusted.some((arn) => arn === caller.accountId || isRootOf(arn, caller.accountId))
    ? "delegated"
    : "denied";
}

function isRootOf(arn: string, accountId: string): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === "iam" && parsed.resource === "root" && parsed.account === accountId;
}
