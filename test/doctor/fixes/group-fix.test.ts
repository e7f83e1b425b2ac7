import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { groupFix } from "../../../doctor/fixes/group-fix.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import { nextEvidence } from "../../../doctor/report/next-evidence.ts";
import { ACCOUNT, unauthorized, without } from "../support/bundle.ts";
import { forbidden, NEW_SSO, SSO_CALLER } from "../support/mapping-faults.ts";

const NO_ENTRIES = {
  accessEntries: { failed: "AccessDeniedException" },
  accessEntryDetails: { failed: "AccessDeniedException" },
  associatedPolicies: { failed: "AccessDeniedException" },
};
const SSO_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${NEW_SSO}`;
const PATHED = `arn:aws:iam::${ACCOUNT}:role/teams/web/Dev`;

const commands = (bundle: DoctorEvidence) =>
  renderFix(groupFix(deriveFacts(bundle), ["vouch-dev"]), { shell: "bash" }).commands;

describe("groupFix", () => {
  it("names a role of IAM Identity Center with its path where its entry is not known", () => {
    assert.deepEqual(commands(forbidden({ ...SSO_CALLER, ...NO_ENTRIES })), [
      `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${SSO_ROLE}`,
      `aws eks update-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${SSO_ROLE} --kubernetes-groups EXISTING_GROUPS vouch-dev --username EXISTING_USERNAME`,
    ]);
  });

  it("names another role with the path that IAM says", () => {
    const role = {
      Role: { Arn: PATHED, RoleId: "AROAEXAMPLEEXAMPLE123", RoleName: "Dev", Path: "/teams/web/" },
    };
    for (const command of commands(forbidden({ ...NO_ENTRIES, role })))
      assert.match(command, new RegExp(`--principal-arn ${PATHED}(?: |$)`));
  });

  it("leaves the principal open where nobody knows the caller", () => {
    const unknown = { callerIdentity: { failed: "-" }, selfSubjectReview: { failed: "-" } };
    for (const command of commands(unauthorized({ ...NO_ENTRIES, ...unknown })))
      assert.match(command, /--principal-arn PRINCIPAL_ARN(?: |$)/);
  });
});

describe("nextEvidence", () => {
  it("asks for the entry of a role of IAM Identity Center with its path", () => {
    const bundle = without(unauthorized(SSO_CALLER), "accessEntryDetails", "role", "associatedPolicies");
    const [next] = nextEvidence(deriveFacts(bundle), { shell: "bash" });
    assert.equal(
      next?.command,
      `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${SSO_ROLE}`,
    );
  });
});
