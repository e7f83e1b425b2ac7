import { awsConfig, awsExec, keysRefused, pluginFailed, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const UNKNOWN_KEY =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";
const WRONG_SECRET =
  "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const USER_KEY = {
  bytes: 900,
  accessKeyId: "AKIAEXAMPLEEXAMPLE12",
  temporary: false,
  region: "eu-west-1",
  problems: [],
};

testRule("credentials/aws-credentials-invalid", "L6", {
  certain: {
    "names the key that AWS does not know": {
      on: keysRefused(UNKNOWN_KEY, { token: USER_KEY }),
      commands: [
        "aws configure --profile dev",
        "aws iam get-access-key-last-used --access-key-id AKIAEXAMPLEEXAMPLE12",
        "aws iam list-access-keys --user-name USER",
      ],
    },
    "finds a secret that does not belong to the key": keysRefused(WRONG_SECRET),
    "sees in the token that a temporary key lacks its session token": {
      on: unauthorized({
        token: { ...USER_KEY, accessKeyId: "ASIAEXAMPLEEXAMPLE12" },
        callerIdentity: { failed: "not asked" },
      }),
      commands: ["export AWS_SESSION_TOKEN=SESSION_TOKEN", "aws configure --profile dev"],
    },
  },
  likely: {
    "is less sure in an opt-in region, where keys of the wrong kind look the same": keysRefused(UNKNOWN_KEY, {
      token: { ...USER_KEY, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, region: "me-south-1" },
    }),
    "names the profile that has the keys, at the end of a chain of roles": {
      on: pluginFailed("aws: error: the plugin failed", {
        changes: {
          callerIdentity: { failed: UNKNOWN_KEY },
          ...awsConfig(
            "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = middle\n[profile middle]\nrole_arn = arn:aws:iam::111122223333:role/Via\nsource_profile = base\n[profile base]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = ***\n",
          ),
        },
      }),
      summary:
        "AWS does not recognize AKIAEXAMPLEEXAMPLE12 of profile base: it was deleted, deactivated, or mistyped.",
      commands: [
        "aws configure --profile base",
        "aws iam get-access-key-last-used --access-key-id AKIAEXAMPLEEXAMPLE12",
        "aws iam list-access-keys --user-name USER",
      ],
    },
  },
  passed: {
    "leaves a wrong clock to its own rule": keysRefused(
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z (20260115T120000Z - 15 min.)",
    ),
  },
  notApplicable: {
    "leaves Cloud9 to its own rule": keysRefused(UNKNOWN_KEY, {
      environment: { C9_PROJECT: "x", C9_USER: "ada" },
      awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
      ...awsExec({}),
    }),
    "leaves a session of an assumed role to its own rule (L12)": keysRefused(
      UNKNOWN_KEY,
      awsConfig(
        "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n[profile base]\n",
      ),
    ),
  },
});
