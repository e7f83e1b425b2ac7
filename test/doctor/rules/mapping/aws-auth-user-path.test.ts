import assert from "node:assert/strict";
import { awsAuthUserPath } from "../../../../doctor/rules/mapping/aws-auth-user-path.ts";
import { AWS_AUTH_FAULTS, line, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { USER_ARN, USER_CALLER } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A13;

describe("aws-auth-user-path", () => {
  it("names the line without the user's path and writes it in", () => {
    assert.deepEqual(verdicts(awsAuthUserPath, FAULT), [
      {
        cause: "A13",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapUsers: `- userarn: ${USER_ARN}\n  username: ada\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("is silent for the full path, for a namesake elsewhere, and for a role", () => {
    for (const arn of [USER_ARN, "arn:aws:iam::999988887777:user/ada", `arn:aws:iam::${ACCOUNT}:role/ada`]) {
      const bundle = unmapped({ mapUsers: line(arn, "[developers]", "ada") }, USER_CALLER);
      assert.deepEqual(confidences(awsAuthUserPath, bundle), []);
    }
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthUserPath, healthyBundle()), []);
  });
});
