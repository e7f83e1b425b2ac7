import { permissionSetRole } from "../facts/permission-set.ts";
import type { Principal } from "../facts/principal.ts";
import type { Mend } from "../rule.ts";

export interface IamGrant {
  /** Undefined: whose right it is to be is not known. */
  readonly principal: Principal | undefined;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly resource: string;
  readonly does: string;
}

/** Allows a principal some actions, by an inline policy; a permission set's role takes it from its permission set only. */
export function grantInIam({ principal, policyName, actions, resource, does }: IamGrant): Mend {
  const statement = { Effect: "Allow", Action: actions, Resource: resource };
  const document = { Version: "2012-10-17", Statement: [statement] };
  const by = "an IAM administrator";
  const set = permissionSetRole(principal?.name ?? "")?.set;
  if (set !== undefined) {
    return {
      by,
      does: `${does} In IAM Identity Center: add this to the inline policy of permission set ${set}, and provision it again.`,
      text: JSON.stringify(document, undefined, 2),
    };
  }
  const [operation, flag] =
    principal?.kind === "user" ? ["put-user-policy", "--user-name"] : ["put-role-policy", "--role-name"];
  return {
    by,
    does,
    commands: [
      [
        ...["aws", "iam", operation, flag, principal?.name ?? "ROLE"],
        ...["--policy-name", policyName, "--policy-document", JSON.stringify(document)],
      ],
    ],
  };
}
