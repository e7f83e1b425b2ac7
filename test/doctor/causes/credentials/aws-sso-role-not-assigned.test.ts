import { awsConfig, pluginFailed, SSO_CONFIG } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** The AWS CLI's frame around the words of the portal. */
const NO_ACCESS =
  "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access";
const SUMMARY =
  "Permission set Dev in account 111122223333 (profile dev) is not assigned to you in IAM Identity Center.";
const ASSIGN = "aws sso-admin list-instances";

testRule("credentials/aws-sso-role-not-assigned", "L18", {
  certain: {
    "names account and permission set": {
      on: pluginFailed(NO_ACCESS, { changes: awsConfig(SSO_CONFIG) }),
      summary: SUMMARY,
      commands: ["aws configure sso --profile dev", ASSIGN],
    },
    "knows the words of aws-iam-authenticator": pluginFailed(
      "operation error SSO: GetRoleCredentials, https response error StatusCode: 403, RequestID: x, ForbiddenException: No access",
    ),
    "offers another login for a context of ours": {
      on: pluginFailed(
        "error: IAM Identity Center (sso-session corp) does not give you the permission set Dev in account 111122223333: No access. [sso-role-denied]",
        { profile: true },
      ),
      summary: SUMMARY,
      commands: ["aws configure sso --profile dev", ASSIGN, "kubectl vouch login --profile dev --force"],
    },
  },
  passed: {
    "leaves a session that is over and a role that is refused alone": [
      "An error occurred (UnauthorizedException) when calling the GetRoleCredentials operation: Session token not found or invalid",
      "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/ada is not authorized",
    ].map((words) => pluginFailed(words)),
  },
});
