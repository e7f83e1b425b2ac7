import assert from "node:assert/strict";
import { awsAuthArnMalformed } from "../../../../doctor/rules/mapping/aws-auth-arn-malformed.ts";
import { AWS_AUTH_FAULTS, line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A16;

describe("aws-auth-arn-malformed", () => {
  it("names the caller's line and writes it right", () => {
    assert.deepEqual(verdicts(awsAuthArnMalformed, FAULT), [
      {
        cause: "A16",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles:
            NODE_LINE +
            `- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("explains that nothing maps the caller", () => {
    assert.deepEqual(findingsOf(awsAuthArnMalformed, FAULT)?.[0]?.explains, ["A1", "E1", "M1"]);
  });

  it("warns of a line of somebody else", () => {
    const bundle = unmapped({ mapRoles: NODE_LINE + line(`arn:aws:iam:us-east-1:${ACCOUNT}:role/Ops`) });
    assert.deepEqual(verdicts(awsAuthArnMalformed, bundle), [
      {
        cause: "A16",
        stage: "mapping",
        severity: "warning",
        confidence: "certain",
        commands: patchCommands({
          mapRoles:
            NODE_LINE +
            `- rolearn: arn:aws:iam::${ACCOUNT}:role/Ops\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("is only likely where the mode or the entries are not known", () => {
    assert.deepEqual(confidences(awsAuthArnMalformed, without(FAULT, "cluster")), ["A16 likely"]);
    assert.deepEqual(confidences(awsAuthArnMalformed, { ...FAULT, accessEntries: { failed: "denied" } }), [
      "A16 likely",
    ]);
  });

  it("says nothing without aws-auth, and where the mode ignores it", () => {
    assert.deepEqual(confidences(awsAuthArnMalformed, without(FAULT, "awsAuth")), []);
    assert.deepEqual(confidences(awsAuthArnMalformed, { ...FAULT, ...mode("API") }), []);
  });

  for (const [flaw, arn] of [
    ["blanks", `"${ROLE_ARN} "`],
    ["a second account", `arn:aws:iam::${ACCOUNT}:${ACCOUNT}:role/Dev`],
    ["the partition aws-cn, not aws", ROLE_ARN.replace("arn:aws:", "arn:aws-cn:")],
  ] as const) {
    it(`sees ${flaw}`, () => {
      const bundle = unmapped({ mapRoles: NODE_LINE + line(arn) });
      assert.deepEqual(confidences(awsAuthArnMalformed, bundle), ["A16 certain"]);
      assert.match(findingsOf(awsAuthArnMalformed, bundle)?.[0]?.summary ?? "", new RegExp(`\\(${flaw}\\)`));
    });
  }

  it("blames neither a path (A2) nor another account (L7)", () => {
    for (const arn of [`arn:aws:iam::${ACCOUNT}:role/team/Dev`, "arn:aws:iam::999988887777:role/Dev"]) {
      assert.deepEqual(confidences(awsAuthArnMalformed, healthyBundle(awsAuthWith(arn, ["developers"]))), []);
    }
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(findingsOf(awsAuthArnMalformed, healthyBundle()), []);
  });
});
