import { aws, run, writeFile } from "../../token/command/command.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { documentOf, type Fix, forIamAdmin } from "./fix.ts";

/** A statement to add to a trust policy, as in its JSON. */
interface TrustAddition {
  readonly Effect: "Allow";
  readonly Principal: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a trust policy must allow for a session of Vouch, whose ID token carries tags and a source identity. */
export const VOUCH_TRUST_ACTIONS: readonly string[] = [
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
    run("cp", "", {}, before, after),
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
