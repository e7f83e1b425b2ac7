import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
} from "../../../doctor/fixes/access-entry-actions.ts";
import { editAwsAuth, patchAwsAuth } from "../../../doctor/fixes/aws-auth-fixes.ts";
import { type Action, forClusterAdmin, withNewToken } from "../../../doctor/fixes/fix.ts";
import { groupFix } from "../../../doctor/fixes/group-fix.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import { ROLE_ARN, unauthorized } from "../support/bundle.ts";
import { forbidden } from "../support/mapping-faults.ts";

const FORBIDDEN = deriveFacts(forbidden({}));
const GROUPS = groupFix(FORBIDDEN, ["vouch-dev"]);
const THEN =
  "Then the caller must run `kubectl vouch cache clear`: a token keeps its groups for a few minutes.";

function saysSo(action: Action | undefined, bundle: DoctorEvidence = forbidden({}), more = {}): boolean {
  const fix = forClusterAdmin("Change it.", ...(action === undefined ? [] : [action]));
  const seen = deriveFacts(bundle);
  const facts = { ...seen, exec: seen.exec && { ...seen.exec, tool: "kubectl-vouch" as const }, ...more };
  return renderFix(withNewToken(fix, facts), { shell: "bash" }).description === `Change it. ${THEN}`;
}

const last = ({ actions = [] }: typeof GROUPS) => actions.at(-1);

describe("a fix that changes whom the cluster takes the caller for", () => {
  it("says how that counts at once, where our cached token keeps the old groups", () => {
    assert.equal(saysSo(last(GROUPS)), true);
    assert.equal(saysSo(last(patchAwsAuth("", { mapRoles: null }, { resourceVersion: "7" }))), true);
    assert.equal(saysSo(editAwsAuth("").actions?.at(1)), true);
  });

  it("does not where another tool signs a token for each call", () => {
    assert.equal(saysSo(last(GROUPS), forbidden({}), { exec: { ...FORBIDDEN.exec, tool: "aws" } }), false);
  });

  it("does not where the token was refused: then we get a new one", () => {
    assert.equal(saysSo(last(GROUPS), unauthorized()), false);
  });

  it("says so of somebody else too, whose tool nobody knows", () => {
    const fix = withNewToken(GROUPS, { ...FORBIDDEN, isOtherPrincipal: true });
    assert.match(
      renderFix(fix, { shell: "bash" }).description,
      /the user, if they use kubectl-vouch, must run `kubectl vouch cache/,
    );
  });

  it("does not of an access policy, which no token keeps", () => {
    const { target } = FORBIDDEN;
    const policyArn = accessPolicyArn(target, "AmazonEKSViewPolicy");
    assert.equal(saysSo(associatePolicy(target, ROLE_ARN, { policyArn, accessScope: CLUSTER_SCOPE })), false);
    assert.equal(saysSo(undefined), false);
  });
});
