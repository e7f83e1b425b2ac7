import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { likelyPrincipal } from "../../../../doctor/derive/identity/principal-arn.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, USERNAME, unauthorized } from "../../support/bundle.ts";
import { forbidden, mappingFault } from "../../support/mapping-faults.ts";

const UNASKED = { callerIdentity: { failed: "ExpiredToken" } };

describe("likelyPrincipal", () => {
  const of = (...[bundle]: Parameters<typeof deriveFacts>) => likelyPrincipal(deriveFacts(bundle));

  it("is the principal, where that is known", () => {
    assert.equal(of(healthyBundle())?.arn, `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`);
  });

  it("is whom the refusal names, of AWS or of the cluster", () => {
    assert.equal(of({ ...mappingFault("P11"), ...UNASKED })?.canonicalArn, ROLE_ARN);
    assert.equal(of(forbidden({ ...UNASKED, selfSubjectReview: { failed: "-" } }))?.canonicalArn, ROLE_ARN);
  });

  it("is whom the cluster takes the caller for, where a name or an extra field is an ARN", () => {
    assert.equal(of(healthyBundle(UNASKED))?.arn, USERNAME);
    const userInfo = { username: "ada", extra: { arn: [ROLE_ARN] } };
    assert.equal(
      of(healthyBundle({ ...UNASKED, selfSubjectReview: { status: { userInfo } } }))?.arn,
      ROLE_ARN,
    );
  });

  it("is nobody where nobody is named, and never the caller where somebody else is meant", () => {
    assert.equal(of(unauthorized(UNASKED)), undefined);
    const other = { question: { principal: "arn:aws:iam::1:nobody" } };
    assert.equal(of(healthyBundle({ ...UNASKED, ...other })), undefined);
  });
});
