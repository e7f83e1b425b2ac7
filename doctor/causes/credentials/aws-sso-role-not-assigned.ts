import { aws, kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { isOwnSourceBlock, profileInForce, profileWith } from "../../derive/identity/credential-source.ts";
import { forIamAdmin, forYou } from "../../fixes/fix.ts";
import { newProfile } from "../../fixes/profile-choice.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

/**
 * Messages of botocore, Go's SDK and ours if the portal refuses a permission set in an account. Its "No access" is in no service
 * model: aws/aws-cli#5057.
 */
const NOT_ASSIGNED =
  /\((?:ForbiddenException|ResourceNotFoundException)\) when calling the GetRoleCredentials|GetRoleCredentials.{0,300}(?:ForbiddenException|ResourceNotFoundException)|IAM Identity Center \([^\n]{1,300}?\) does not give you the permission set|\[sso-role-denied\]/;

export const awsSsoRoleNotAssigned = defineErrorRule({
  cause: {
    id: "L18",
    what: "The profile's account or permission set is not assigned to the user in IAM Identity Center.",
    seen: "ForbiddenException when calling GetRoleCredentials: No access",
    remedy:
      "Choose an account and a role that are assigned to you. Or, as IAM admin, assign the permission set.",
  },
  expects: "the profile's account and permission set are assigned to the user",
  pattern: NOT_ASSIGNED,
  describe(_, { credentials, exec, evidence }) {
    const link = profileWith(credentials, "sso_account_id", "sso_role_name");
    const profile = link?.name ?? profileInForce(credentials) ?? "PROFILE";
    const { sso_account_id: account = "ACCOUNT", sso_role_name: role = "ROLE" } = link?.settings ?? {};
    const isKnown = link !== undefined;
    return {
      summary: isKnown
        ? `Permission set ${role} in account ${account} (profile ${profile}) is not assigned to you in IAM Identity Center.`
        : "IAM Identity Center does not assign the profile's permission set to you in its account.",
      evidence: [
        isKnown && `Profile ${profile} has sso_account_id = ${account} and sso_role_name = ${role}.`,
      ],
      falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} returns an identity.`,
      fixes: [
        forYou("Choose an account and a role that are assigned to you.", ...newProfile(evidence, profile)),
        forIamAdmin(
          `Or assign permission set ${role} in account ${account}. Do this in the account that runs IAM Identity Center; this command shows its ID.`,
          aws("sso-admin list-instances"),
        ),
        ...(isOwnSourceBlock(exec)
          ? [forYou("Or sign in as a different user.", kubectl("vouch login", { profile, force: true }))]
          : []),
      ],
    };
  },
});
