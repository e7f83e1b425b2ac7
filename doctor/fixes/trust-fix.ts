import { aws, writeFile } from "../../token/command/command.ts";
import { copy } from "../../token/command/tasks.ts";
import { globCovers } from "../../token/text/glob.ts";
import {
  allowsAction,
  isProviderOf,
  providerHost,
  type TrustStatement,
} from "../derive/identity/trust-policy.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import type { VouchFacts } from "../evidence/evidence.ts";
import { documentOf, type Fix, forIamAdmin } from "./fix.ts";

/** A statement to add to a trust policy, as in its JSON. */
interface TrustAddition {
  readonly Effect: "Allow";
  readonly Principal: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a trust policy must allow for a session of Vouch, whose ID token carries tags and a source identity. */
const VOUCH_TRUST_ACTIONS: readonly string[] = [
  "sts:AssumeRoleWithWebIdentity",
  "sts:SetSourceIdentity",
  "sts:TagSession",
];

/** Adds a statement to a role's trust policy, and saves the old policy in a file. */
export function trustFix(roleArn: string, description: string, addition: TrustAddition): Fix {
  const name = principalOfArn(roleArn)?.name ?? "ROLE";
  const [before, after] = ["trust-before.json", "trust.json"];
  return forIamAdmin(
    `${description} Add the statement to ${after} before running the last command.`,
    writeFile(
      aws("iam get-role", {
        "role-name": name,
        query: "Role.AssumeRolePolicyDocument",
        output: "json",
      }),
      before,
    ),
    copy(before, after),
    aws("iam update-assume-role-policy", { "role-name": name, "policy-document": { contentOf: after } }),
    documentOf(JSON.stringify(addition, null, 2)),
  );
}

/** The statement by which a role trusts a Vouch server's ID tokens for one user. */
export function vouchTrust(
  roleArn: string,
  { server, identity }: { readonly server: string | undefined; readonly identity: string | undefined },
): TrustAddition {
  const role = principalOfArn(roleArn);
  const host = server?.replace(/^https?:\/\//, "").replace(/\/$/, "") ?? "VOUCH_HOST";
  return {
    Effect: "Allow",
    Principal: {
      Federated: `arn:${role?.partition ?? "aws"}:iam::${role?.account ?? "ACCOUNT"}:oidc-provider/${host}`,
    },
    Action: VOUCH_TRUST_ACTIONS,
    Condition: {
      StringEquals: { [`${host}:aud`]: `https://${host}`, [`${host}:sub`]: identity ?? "EMAIL" },
    },
  };
}

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
    const only = others.length === 0 ? "" : `, only ${others.join(", ")}`;
    return [`Its trust policy does not trust ${server} as an identity provider${only}.`];
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
