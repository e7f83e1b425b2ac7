import { defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { assumeRoleRefusal } from "../../derive/identity/trust-policy.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, updateKubeconfig, withoutFlags } from "../../fixes/kubeconfig-commands.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/** Flags for a role to assume, of the AWS CLI (with its abbreviation) and of aws-iam-authenticator. */
const ROLE_FLAGS = ["--role-arn", "--role", "-r"];

export const stsRoleAssumesItself = defineRule({
  cause: {
    id: "S2",
    what: "The exec block assumes the role that the caller already has, but that role does not trust itself.",
    seen: "AccessDenied with the same role on both sides",
    remedy: "Remove --role-arn from the entry: the caller already has this role.",
  },
  expects: "the exec block does not assume a role that the caller already has",
  needs: ["credentialErrors"],
  check({ credentialErrors }) {
    const denied = assumeRoleRefusal(credentialErrors);
    if (denied === undefined || !isSamePrincipal(denied.caller.arn, denied.roleArn)) return passed;
    const { caller, roleArn, error } = denied;
    return found(
      errorConclusion(error, (facts) => ({
        summary: `The exec block assumes role ${roleArn}, which the caller already has, but the role does not trust itself.`,
        evidence: [`${caller.arn} is a session of ${roleArn}.`],
        falsifiedBy: `Without the role in the exec block, GetCallerIdentity returns a role other than ${caller.name}.`,
        fixes: [removeRole(facts)],
      })),
    );
  },
});

function removeRole(facts: Facts): Fix {
  const args = facts.exec?.args ?? [];
  const kept = withoutFlags(args, ROLE_FLAGS);
  const action = kept.length < args.length ? setExecArgs(facts, kept) : updateKubeconfig(facts);
  return forYou("Remove the role from the exec block.", action);
}
