import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { assumeRoleRefusal } from "../../derive/identity/assume-role-refusal.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecArgs, updateKubeconfig, withoutFlags } from "../../fixes/kubeconfig-commands.ts";

/** Flags that name a role to assume, of the AWS CLI (and its abbreviation) and of aws-iam-authenticator. */
const ROLE_FLAGS = ["--role-arn", "--role", "-r"];

export const stsRoleAssumesItself = defineLegacyRule({
  code: "sts-role-assumes-itself",
  stage: "trust",
  causes: ["S2"],
  expects: "the entry does not ask for a role that the caller already has",
  needs: ["errorSources"],
  judge(facts) {
    const denied = assumeRoleRefusal(facts);
    if (denied === undefined || !isSamePrincipal(denied.caller.arn, denied.roleArn)) return [];
    const { refusal, caller, roleArn } = denied;
    const { quote: _, said, ...sureness } = refusal;
    return [
      {
        cause: "S2",
        stage: "trust",
        ...sureness,
        summary: `The entry asks for role ${roleArn}, which the caller already is, and the role does not trust itself.`,
        evidence: [said, `${caller.arn} is a session of ${roleArn}.`],
        falsifiedBy: `Without the role in the entry, GetCallerIdentity shows another role than ${caller.name}.`,
        fixes: [dropRole(facts)],
      },
    ];
  },
});

function dropRole(facts: Facts): Fix {
  const { exec } = facts;
  const args = exec?.args ?? [];
  const kept = withoutFlags(args, ROLE_FLAGS);
  return {
    audience: "you",
    description: "Take the role out of the entry.",
    actions: [kept.length < args.length ? setExecArgs(facts, kept) : updateKubeconfig(facts)],
  };
}
