import assert from "node:assert/strict";
import { awsCachedRoleOutdated } from "../../../../doctor/rules/credentials/aws-cached-role-outdated.ts";
import { awsCredentialsInvalid } from "../../../../doctor/rules/credentials/aws-credentials-invalid.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import {
  awsConfig,
  confidences,
  execBlock,
  keysRefused,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";

const NEW_ROLE = {
  Role: { Arn: ROLE_ARN, RoleId: "AROANEWNEWNEWNEWNEW12", CreateDate: "2026-01-15T11:00:00Z" },
};

describe("aws-cached-role-outdated", () => {
  it("sees that the caller's id is not the role's any more", () => {
    assert.deepEqual(verdicts(awsCachedRoleOutdated, unauthorized({ role: NEW_ROLE })), [
      {
        cause: "L12",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["rm -r /home/ada/.aws/cli/cache"],
      },
    ]);
  });

  it("knows where aws-iam-authenticator keeps its cache", () => {
    const exec = execBlock(
      "apiVersion: client.authentication.k8s.io/v1beta1\ncommand: aws-iam-authenticator\nargs: [token, -i, lab, --cache]\n",
    );
    assert.deepEqual(
      verdicts(awsCachedRoleOutdated, unauthorized({ role: NEW_ROLE, ...exec }))?.[0]?.commands,
      ["rm ~/.kube/cache/aws-iam-authenticator/credentials.yaml"],
    );
  });

  it("is silent when the role is another one, or unknown", () => {
    const Role = { ...NEW_ROLE.Role, Arn: "arn:aws:iam::111122223333:role/Ops" };
    assert.deepEqual(confidences(awsCachedRoleOutdated, unauthorized({ role: { Role } })), []);
    assert.deepEqual(
      confidences(awsCachedRoleOutdated, unauthorized({ role: { failed: "AccessDenied" } })),
      [],
    );
  });

  const assumed = awsConfig(
    "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n[profile base]\n",
  );
  const refused =
    "An error occurred (InvalidClientTokenId): The security token included in the request is invalid.";

  it("is likely of a session of an assumed role that AWS does not know any more", () => {
    assert.deepEqual(confidences(awsCachedRoleOutdated, keysRefused(refused, assumed)), ["L12 likely"]);
    assert.deepEqual(confidences(awsCredentialsInvalid, keysRefused(refused, assumed)), []);
  });

  it("is silent on keys that no tool made", () => {
    assert.deepEqual(confidences(awsCachedRoleOutdated, keysRefused(refused)), []);
  });
});
