import {
  awsConfig,
  execBlock,
  keysRefused,
  PROFILE_EXEC,
  ROLE_ARN,
  SSO_CONFIG,
  unauthorized,
} from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const NEW_ROLE = {
  Role: { Arn: ROLE_ARN, RoleId: "AROANEWNEWNEWNEWNEW12", CreateDate: "2026-01-15T11:00:00Z" },
};
const assumed = awsConfig(
  "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n[profile base]\n",
);
const refused =
  "An error occurred (InvalidClientTokenId): The security token included in the request is invalid.";

testRule("credentials/aws-cached-role-outdated", "L12", {
  certain: {
    "sees that the caller's id is not the role's any more": {
      on: unauthorized({ role: NEW_ROLE }),
      commands: "rm -r /home/ada/.aws/cli/cache",
    },
    "clears our own cache for a context of ours": {
      on: unauthorized({
        role: NEW_ROLE,
        ...execBlock(PROFILE_EXEC),
        ...awsConfig(SSO_CONFIG),
      }),
      commands: "kubectl vouch cache clear",
    },
    "knows where aws-iam-authenticator keeps its cache": {
      on: unauthorized({
        role: NEW_ROLE,
        ...execBlock(
          "apiVersion: client.authentication.k8s.io/v1beta1\ncommand: aws-iam-authenticator\nargs: [token, -i, lab, --cache]\n",
        ),
      }),
      commands: "rm ~/.kube/cache/aws-iam-authenticator/credentials.yaml",
    },
  },
  likely: {
    "a session of an assumed role that AWS does not know any more": keysRefused(refused, assumed),
  },
  unknown: {
    "the role is another one, or unknown": {
      on: [
        unauthorized({ role: { Role: { ...NEW_ROLE.Role, Arn: "arn:aws:iam::111122223333:role/Ops" } } }),
        unauthorized({ role: { failed: "AccessDenied" } }),
      ],
      missing: "role",
    },
    "keys that no tool made": { on: keysRefused(refused), missing: "callerIdentity" },
  },
});
