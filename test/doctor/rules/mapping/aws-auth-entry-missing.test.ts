import assert from "node:assert/strict";
import { awsAuthEntryMissing } from "../../../../doctor/rules/mapping/aws-auth-entry-missing.ts";
import {
  AWS_AUTH_FAULTS,
  entryCommands,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A1;

describe("aws-auth-entry-missing", () => {
  it("adds the caller, by eksctl, by kubectl, or by an access entry", () => {
    assert.deepEqual(verdicts(awsAuthEntryMissing, FAULT), [
      {
        cause: "A1",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `eksctl create iamidentitymapping --cluster lab --region eu-west-1 --arn ${ROLE_ARN} --username 'Dev:{{SessionName}}' --group GROUP`,
          ...patchCommands({
            mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - GROUP\n`,
          }),
          ...entryCommands("CONFIG_MAP"),
        ],
      },
    ]);
  });

  it("is inferred: a fault in a line for the caller explains it", () => {
    assert.equal(findingsOf(awsAuthEntryMissing, FAULT)?.[0]?.inferred, true);
  });

  it("says that there is no ConfigMap at all", () => {
    assert.equal(
      findingsOf(awsAuthEntryMissing, { ...FAULT, awsAuth: null })?.[0]?.summary,
      `There is no ConfigMap aws-auth, so nothing maps ${ROLE_ARN}.`,
    );
  });

  it("is only likely when the caller may be the creator, whom no line lets in", () => {
    const unasked = { failed: "not asked" };
    const bundle = { ...without(FAULT, "question"), apiServer: unasked, selfSubjectReview: unasked };
    assert.deepEqual(confidences(awsAuthEntryMissing, bundle), ["A1 likely"]);
  });

  it("is only likely when the mode is not known", () => {
    const unknown = unmapped({}, { cluster: { failed: "denied" }, accessEntries: { failed: "denied" } });
    assert.deepEqual(confidences(awsAuthEntryMissing, unknown), ["A1 likely"]);
  });

  it("leaves it to the missing entry (E1) where the cluster reads entries", () => {
    assert.deepEqual(confidences(awsAuthEntryMissing, unmapped({}, mode("API_AND_CONFIG_MAP"))), []);
    assert.deepEqual(confidences(awsAuthEntryMissing, unmapped({}, mode("API"))), []);
  });

  it("says nothing when nobody could read aws-auth", () => {
    assert.deepEqual(confidences(awsAuthEntryMissing, { ...FAULT, awsAuth: { failed: "Unauthorized" } }), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthEntryMissing, healthyBundle()), []);
  });
});
