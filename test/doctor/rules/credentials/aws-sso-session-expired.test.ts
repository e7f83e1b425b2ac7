import { awsConfig, keysRefused, pluginFailed } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** Words of botocore, exceptions.py (UnauthorizedSSOTokenError). */
const OVER =
  "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.";
const SSO =
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = corp\n[profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n";

testRule("credentials/aws-sso-session-expired", "L2", {
  certain: {
    "signs in to the profile that has the session, at the end of the chain": {
      on: pluginFailed(OVER, { changes: awsConfig(SSO) }),
      commands: "aws sso login --profile corp",
    },
    "knows the words of other tools": [
      "Error loading SSO Token: Token for corp does not exist",
      "Error when retrieving token from sso: Token has expired and refresh failed",
      "operation error STS: the SSO session has expired or is invalid",
    ].map((words) => pluginFailed(words)),
    "sees it in GetCallerIdentity alone too": keysRefused(OVER),
  },
  passed: {
    "leaves `aws login` and expired keys alone": [
      "Your session has expired. Please reauthenticate using 'aws login'.",
      "(ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired",
    ].map((text) => pluginFailed(text)),
  },
});
