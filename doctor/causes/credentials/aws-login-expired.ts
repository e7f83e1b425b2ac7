import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { profileInForce, profileWith } from "../../derive/identity/credential-source.ts";
import { forYou } from "../../fixes/fix.ts";
import { signIn } from "../../fixes/profile-choice.ts";
import { defineAwsSessionRule } from "../shared/aws-session-rule.ts";

export const awsLoginExpired = defineAwsSessionRule({
  cause: {
    id: "L11",
    what: "The `aws login` session has expired.",
    seen: "Please reauthenticate using 'aws login'",
    remedy: "Log in again, in the browser.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html",
  },
  expects: "the aws login session is active",
  kind: "login",
  // Source: doctor/AWS-CREDENTIALS.md, "Words of AWS"; aws-sdk-go-v2, credentials/logincreds; token/aws/sources/open/login-file.ts.
  pattern:
    /reauthenticate using 'aws login'|Please reauthenticate using "?aws login|Error loading login session token|load login token: |\[aws-login-needed\]|no login of arn:/,
  describe(facts) {
    const { credentials } = facts;
    const link = profileWith(credentials, "login_session");
    const profile = link?.name ?? profileInForce(credentials);
    return {
      summary: `The aws login session${profile === undefined ? "" : ` of profile ${profile}`} has expired.`,
      evidence: [],
      falsifiedBy: sentence`${aws("sts get-caller-identity")} with the same profile returns an identity.`,
      fixes: [forYou("Sign in again in a browser.", ...signIn(facts, "login", profile))],
    };
  },
});
