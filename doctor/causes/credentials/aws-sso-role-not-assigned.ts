import { aws } from "../../../token/command/aws.ts";
import { kubectl } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { isOwnSourceBlock, profileInForce, profileWith } from "../../derive/identity/aws-environment.ts";
import { newProfile } from "../../fixes/aws-cli-version.ts";
import { forIamAdmin, forYou } from "../../fixes/fix.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

/**
 * Messages of botocore, Go's SDK and ours if the portal refuses a permission set in an account. Its "No access" is in no service
 * model: aws/aws-cli#5057.
 */
const NOT_ASSIGNED =
  /\((?:ForbiddenException|ResourceNotFoundException)\) when calling the GetRoleCredentials|GetRoleCredentials.{0,300}(?:ForbiddenException|ResourceNotFoundException)|IAM Identity Center \([^\n]{1,300}?\) does not give you the permission set|\[sso-role-denied\]/;

export const awsSsoRoleNotAssigned = defineErrorRule({
  causes: [
    {
      id: "L18",
      what: "The account or the permission set that the profile names is not assigned to the person in IAM Identity Center.",
      seen: "ForbiddenException when calling GetRoleCredentials: No access",
    },
  ],
  expects: "the account and the permission set of the profile are assigned to the person",
  pattern: NOT_ASSIGNED,
  describe(_, { credentials, exec, evidence }) {
    const link = profileWith(credentials, "sso_account_id", "sso_role_name");
    const profile = link?.name ?? profileInForce(credentials) ?? "PROFILE";
    const { sso_account_id: account = "ACCOUNT", sso_role_name: role = "ROLE" } = link?.settings ?? {};
    const isKnown = link !== undefined;
    return {
      summary: isKnown
        ? `IAM Identity Center does not give you permission set ${role} in account ${account}, which profile ${profile} asks for.`
        : "IAM Identity Center does not give you the permission set that the profile asks for, in its account.",
      evidence: [
        isKnown && `Profile ${profile} has sso_account_id = ${account} and sso_role_name = ${role}.`,
      ],
      falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} gives an identity.`,
      fixes: [
        forYou(
          "Choose an account and a role from the list of those assigned to you.",
          ...newProfile(evidence, profile),
        ),
        forIamAdmin(
          `Or assign permission set ${role} in account ${account}, in the account that runs IAM Identity Center; this shows its number.`,
          aws("sso-admin list-instances"),
        ),
        ...(isOwnSourceBlock(exec)
          ? [forYou("Or sign in as somebody else.", kubectl("vouch login", { profile, force: true }))]
          : []),
      ],
    };
  },
});
