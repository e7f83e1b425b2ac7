import assert from "node:assert/strict";
import { awsCachedRoleOutdated } from "../../../doctor/rules/aws-cached-role-outdated.ts";
import { ROLE_ARN } from "../support/bundle.ts";
import { execBlock, sureness, unauthorized, verdicts } from "../support/credential-case.ts";

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
      ["rm /home/ada/.kube/cache/aws-iam-authenticator/credentials.yaml"],
    );
  });

  it("is silent when the role is another one, or unknown", () => {
    const Role = { ...NEW_ROLE.Role, Arn: "arn:aws:iam::111122223333:role/Ops" };
    assert.deepEqual(sureness(awsCachedRoleOutdated, unauthorized({ role: { Role } })), []);
    assert.deepEqual(sureness(awsCachedRoleOutdated, unauthorized({ role: { failed: "AccessDenied" } })), []);
  });
});
