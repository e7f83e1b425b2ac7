import assert from "node:assert/strict";
import { describeCaller } from "../../../../doctor/causes/shared/caller-words.ts";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";

describe("who says who the caller is", () => {
  const said = (bundle: Parameters<typeof deriveFacts>[0]) => describeCaller(deriveFacts(bundle), ROLE_ARN);

  it("is AWS only where it was asked, else the cluster, and nobody for a question about somebody else", () => {
    assert.equal(said(healthyBundle()), `AWS identifies the caller as ${ROLE_ARN}.`);
    assert.equal(
      said(without(healthyBundle(), "callerIdentity")),
      `The cluster identifies the caller as ${ROLE_ARN}.`,
    );
    const other = healthyBundle({ question: { principal: `${ROLE_ARN}Other` } });
    assert.equal(said(other), `The question is about ${ROLE_ARN}.`);
  });
});
