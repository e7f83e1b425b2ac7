import { globCovers } from "../../token/text/glob.ts";
import {
  allowsAction,
  isProviderOf,
  providerHost,
  type TrustStatement,
} from "../derive/identity/trust-policy.ts";
import type { VouchFacts } from "../evidence/evidence.ts";
import { VOUCH_TRUST_ACTIONS } from "./trust-fix.ts";

/**
 * Why a trust policy does not trust a user of a Vouch server, one sentence per reason; empty if none is found. Only the
 * provider, the actions, and plain conditions on `sub` and `sts:RoleSessionName`, which contain the e-mail, are checked.
 */
export function webIdentityGaps(
  statements: readonly TrustStatement[],
  { server, identity }: Pick<VouchFacts, "server" | "identity">,
): string[] {
  const ours = statements.filter(({ federated }) =>
    federated.some((arn) => isProviderOf(providerHost(arn), server)),
  );
  if (ours.length === 0) {
    const others = statements.flatMap(({ federated }) => federated.map(providerHost));
    return [`Its trust policy does not trust ${server} as an identity provider${listed(others)}.`];
  }
  const lacking = VOUCH_TRUST_ACTIONS.filter(
    (action) => !ours.some((statement) => allowsAction(statement, action)),
  );
  return [
    ...(lacking.length === 0 ? [] : [`Its trust policy does not allow ${lacking.join(", ")}.`]),
    ...(identity === undefined ? [] : ours.flatMap((statement) => subjectGaps(statement, identity))),
  ];
}

function subjectGaps({ conditions }: TrustStatement, identity: string): string[] {
  return conditions
    .filter(({ key }) => /:sub$/i.test(key) || key.toLowerCase() === "sts:rolesessionname")
    .filter(({ operator, values }) => !fits(operator, values, identity))
    .map(
      ({ operator, key, values }) =>
        `Its trust policy requires ${operator} ${key} ${values.join(" or ")}, not ${identity}.`,
    );
}

/** Operators that are not checked count as matching, and so do values with policy variables. */
function fits(operator: string, values: readonly string[], identity: string): boolean {
  if (values.some((value) => value.includes("${"))) return true;
  if (operator === "StringEquals") return values.includes(identity);
  return operator !== "StringLike" || values.some((value) => globCovers(value, identity));
}

function listed(hosts: readonly string[]): string {
  return hosts.length === 0 ? "" : `, only ${hosts.join(", ")}`;
}
