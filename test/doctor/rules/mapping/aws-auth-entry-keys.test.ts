import assert from "node:assert/strict";
import { awsAuthEntryKeys } from "../../../../doctor/rules/mapping/aws-auth-entry-keys.ts";
import {
  AWS_AUTH_FAULTS,
  DEV_USER,
  groupsOf,
  NODE_LINE,
  patchCommands,
  refused,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, USER_ARN } from "../../support/mapping-faults.ts";

const NAME = '"Dev:{{SessionName}}"';

function entryText(...lines: readonly string[]): string {
  return `${NODE_LINE}- ${lines.join("\n  ")}\n`;
}

describe("aws-auth-entry-keys", () => {
  it("gives an entry the ARN that is under role_arn", () => {
    assert.deepEqual(verdicts(awsAuthEntryKeys, AWS_AUTH_FAULTS.A7), [
      {
        cause: "A7",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [ developers ]"),
        }),
      },
    ]);
  });

  it("finds userarn under mapRoles, which EKS drops", () => {
    const bundle = unmapped({
      mapRoles: entryText(`userarn: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [developers]"),
    });
    assert.deepEqual(confidences(awsAuthEntryKeys, bundle), ["A7 certain"]);
  });

  for (const [wrong, written] of [
    ["group: [developers]", "group"],
    ["groups: developers", "groups as a text"],
  ] as const) {
    it(`gives the caller the groups that are under ${written}`, () => {
      const mapRoles = entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, wrong);
      assert.deepEqual(verdicts(awsAuthEntryKeys, refused(DEV_USER, { mapRoles }, groupsOf(DEV_USER))), [
        {
          cause: "A7",
          stage: "mapping",
          severity: "error",
          confidence: "certain",
          commands: patchCommands({
            mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, "groups:", "  - developers"),
          }),
        },
      ]);
    });
  }

  it("finds a number as username, and a missing username, which make the name empty", () => {
    for (const mapRoles of [
      entryText(`rolearn: ${ROLE_ARN}`, "username: 123", "groups: [developers]"),
      entryText(`rolearn: ${ROLE_ARN}`, "groups: [developers]"),
    ]) {
      const found = verdicts(awsAuthEntryKeys, refused("", { mapRoles }, groupsOf("", "developers")));
      assert.deepEqual(
        found?.map(({ severity, confidence }) => [severity, confidence]),
        [["error", "certain"]],
      );
    }
  });

  it("is no more than likely about keys in another case, and silent about them where the caller gets in", () => {
    const mapRoles = entryText(`roleARN: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [developers]");
    assert.deepEqual(confidences(awsAuthEntryKeys, unmapped({ mapRoles })), ["A7 likely"]);
    assert.deepEqual(confidences(awsAuthEntryKeys, refused(DEV_USER, { mapRoles })), []);
  });

  it("only warns of entries of others, and leaves notes alone", () => {
    const mapRoles = entryText(
      "role_arn: arn:aws:iam::111122223333:role/Ops",
      "username: ops",
      "comment: ask Ada",
    );
    assert.deepEqual(
      verdicts(awsAuthEntryKeys, unmapped({ mapRoles }))?.map(({ severity }) => severity),
      ["warning"],
    );
  });

  it("accepts a role in mapUsers, since EKS searches both lists", () => {
    const bundle = healthyBundle({
      awsAuth: { data: { mapUsers: `- userarn: ${ROLE_ARN}\n  username: u\n` } },
    });
    assert.deepEqual(confidences(awsAuthEntryKeys, bundle), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthEntryKeys, healthyBundle()), []);
    assert.deepEqual(confidences(awsAuthEntryKeys, healthyBundle(awsAuthWith(USER_ARN, ["x"]))), []);
  });
});
