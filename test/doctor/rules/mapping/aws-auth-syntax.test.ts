import assert from "node:assert/strict";
import { awsAuthSyntax } from "../../../../doctor/rules/mapping/aws-auth-syntax.ts";
import {
  AWS_AUTH_FAULTS,
  EDIT_COMMANDS,
  entryCommands,
  line,
  NODE_LINE,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { mode, USER_ARN, USER_CALLER } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A4;

describe("aws-auth-syntax", () => {
  it("says that the whole section is dropped, and how to get in another way", () => {
    assert.deepEqual(verdicts(awsAuthSyntax, FAULT), [
      {
        cause: "A4",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [...EDIT_COMMANDS, ...entryCommands()],
      },
    ]);
    assert.equal(
      findingsOf(awsAuthSyntax, FAULT)?.[0]?.summary,
      "mapRoles in aws-auth cannot be read, so every role in it, including the nodes', is dropped: All mapping items must start at the same column (line 9).",
    );
  });

  it("finds a template without quotes, which YAML reads as a map", () => {
    const bundle = unmapped({ mapRoles: NODE_LINE + line(ROLE_ARN, "[developers]", "{{SessionName}}") });
    assert.deepEqual(confidences(awsAuthSyntax, bundle), ["A4 certain"]);
  });

  it("is only likely when the text does not name the caller, or when a longer name begins like theirs", () => {
    for (const arn of [`${ROLE_ARN}elopers`, "arn:aws:iam::111122223333:role/Ops"]) {
      const bundle = unmapped({ mapRoles: `${line(arn)}   groups: [\n` });
      assert.deepEqual(confidences(awsAuthSyntax, bundle), ["A4 likely"]);
    }
  });

  it("only warns when it is the section of others", () => {
    const users = unmapped({ mapUsers: "- userarn: [\n" });
    const roles = unmapped(
      { mapRoles: "- rolearn: [\n", mapUsers: line(`${USER_ARN}x`, "[developers]", "ada") },
      USER_CALLER,
    );
    for (const bundle of [users, roles]) {
      assert.deepEqual(verdicts(awsAuthSyntax, bundle), [
        {
          cause: "A4",
          stage: "mapping",
          severity: "warning",
          confidence: "certain",
          commands: EDIT_COMMANDS,
        },
      ]);
    }
  });

  it("says nothing without aws-auth, and where the mode ignores it", () => {
    assert.deepEqual(confidences(awsAuthSyntax, without(FAULT, "awsAuth")), []);
    assert.deepEqual(confidences(awsAuthSyntax, { ...FAULT, ...mode("API") }), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthSyntax, healthyBundle()), []);
  });
});
