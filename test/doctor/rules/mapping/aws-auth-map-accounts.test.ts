import assert from "node:assert/strict";
import { awsAuthMapAccounts } from "../../../../doctor/rules/mapping/aws-auth-map-accounts.ts";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  entryCommands,
  NODE_LINE,
  patchCommands,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const FAULT = AWS_AUTH_FAULTS.A11;

describe("aws-auth-map-accounts", () => {
  it("gives the caller a line or an entry", () => {
    assert.deepEqual(verdicts(awsAuthMapAccounts, FAULT), [
      {
        cause: "A11",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          ...patchCommands({
            mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - GROUP\n`,
          }),
          ...entryCommands(),
        ],
      },
    ]);
  });

  it("is only likely when the mode is not known, because an entry might map the caller", () => {
    assert.deepEqual(confidences(awsAuthMapAccounts, without(FAULT, "cluster")), ["A11 likely"]);
  });

  it("says nothing where an entry maps the caller", () => {
    assert.deepEqual(
      confidences(awsAuthMapAccounts, healthyBundle(awsAuth({ mapAccounts: `- "${ACCOUNT}"\n` }))),
      [],
    );
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthMapAccounts, healthyBundle()), []);
  });
});
