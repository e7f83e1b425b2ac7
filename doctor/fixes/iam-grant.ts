import { permissionSetRole } from "../derive/identity/permission-set.ts";
import type { Principal } from "../derive/identity/principal.ts";
import { aws } from "./aws.ts";
import { documentOf, type Fix, forIamAdmin } from "./fix.ts";

export interface IamGrant {
  /** Undefined: whose right it is to be is not known. */
  readonly principal: Principal | undefined;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly resource: string;
  readonly description: string;
}

/** Allows a principal some actions, by an inline policy; a permission set's role takes it from its permission set only. */
export function grantInIam({ principal, policyName, actions, resource, description }: IamGrant): Fix {
  const statement = { Effect: "Allow", Action: actions, Resource: resource };
  const policy = { Version: "2012-10-17", Statement: [statement] };
  const document = documentOf(JSON.stringify(policy, undefined, 2));
  const set = permissionSetRole(principal?.name ?? "")?.set;
  if (set !== undefined) {
    return forIamAdmin(
      `${description} In IAM Identity Center: add this to the inline policy of permission set ${set}, and provision it again.`,
      document,
    );
  }
  if (principal === undefined)
    return forIamAdmin(`${description} Add this to a policy of the caller.`, document);
  const kind = principal.kind === "user" ? "user" : "role";
  return forIamAdmin(
    description,
    aws(`iam put-${kind}-policy`, {
      [`${kind}-name`]: principal.name,
      "policy-name": policyName,
      "policy-document": JSON.stringify(policy),
    }),
  );
}
