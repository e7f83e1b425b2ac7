import { awsExec, keysRefused, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const INVALID =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";
const CLOUD9 = {
  environment: { C9_PROJECT: "lab", C9_USER: "ada" },
  awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
  ...awsExec({}),
};
const STRANGER = {
  UserId: "AROAOTHER:s",
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/AWSCloud9/s",
};

testRule("credentials/aws-cloud9-credentials", "L15", {
  likely: {
    "AWS refuses what Cloud9 wrote": {
      on: keysRefused(INVALID, CLOUD9),
      commands: [
        "aws cloud9 update-environment --environment-id ENVIRONMENT --managed-credentials-action DISABLE",
        "aws sts get-caller-identity",
      ],
    },
    "is the cause also of keys that have expired": keysRefused(
      "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
      CLOUD9,
    ),
  },
  possible: {
    "the cluster maps nobody of that name": unauthorized({ ...CLOUD9, callerIdentity: STRANGER }),
  },
  notApplicable: {
    "Cloud9's variables are missing, or a profile of one's own is used": [
      keysRefused(INVALID, { ...CLOUD9, environment: {} }),
      keysRefused(INVALID, { environment: CLOUD9.environment }),
    ],
  },
});
