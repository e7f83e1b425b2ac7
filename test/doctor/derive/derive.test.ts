import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, GATHERED_AT, healthyBundle, ROLE_ARN, USERNAME } from "../support/bundle.ts";

describe("deriveFacts", () => {
  it("knows of a healthy bundle who calls what, as whom, and that it works", () => {
    const facts = deriveFacts(healthyBundle());
    const { now, symptom, context, exec, principal, authenticationMode, mapping, attempt, authorization } =
      facts;
    assert.deepEqual(
      {
        now,
        symptom,
        context: context?.name,
        cluster: exec?.clusterName,
        principal: principal?.canonicalArn,
        authenticationMode,
        by: mapping?.by,
        username: mapping?.username,
        attempt,
        decision: authorization?.decision,
      },
      {
        now: Date.parse(GATHERED_AT),
        symptom: { kind: "none", isProbed: false },
        context: "lab",
        cluster: "lab",
        principal: ROLE_ARN,
        authenticationMode: "API_AND_CONFIG_MAP",
        by: "entry",
        username: USERNAME,
        attempt: { verb: "list", group: "", resource: "pods", namespace: "web" },
        decision: "allowed",
      },
    );
  });

  it("knows nothing of an empty bundle", () => {
    const evidence: DoctorEvidence = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" };
    const {
      evidence: same,
      target,
      targetCluster,
      pluginEnvironment,
      cloud9Variables,
      ...facts
    } = deriveFacts(evidence);
    assert.deepEqual({ ...same }, evidence);
    assert.deepEqual(target, { cluster: "CLUSTER", region: "REGION", partition: "aws" });
    assert.deepEqual(Object.values(targetCluster), [undefined, undefined, undefined, undefined]);
    assert.deepEqual(cloud9Variables, []);
    assert.deepEqual(pluginEnvironment, { isComplete: false, variables: [] });
    const {
      isOtherPrincipal,
      isAboutNodes,
      failsBeforeRequest,
      canCause401,
      knowsWhoCallsAndHow,
      workingWays,
      failedFixes,
      ...rest
    } = facts;
    assert.deepEqual([workingWays, failedFixes], [[], []]);
    assert.deepEqual(
      [isOtherPrincipal, isAboutNodes, failsBeforeRequest, canCause401, knowsWhoCallsAndHow],
      [false, false, true, true, false],
    );
    const { preAuthSeverity, authFailureConfidence, ...unknown } = rest;
    assert.deepEqual([preAuthSeverity, authFailureConfidence], ["error", "certain"]);
    assert.deepEqual(
      Object.entries(unknown).filter(([, value]) => value !== undefined),
      [],
    );
  });

  it("is about the principal that the question names, with the session when it is the caller's own", () => {
    const own = deriveFacts(healthyBundle({ question: { principal: ROLE_ARN } }));
    assert.equal(own.principal?.sessionName, "ada@example.com");
    const principal = `arn:aws:iam::${ACCOUNT}:role/Other`;
    const other = deriveFacts(healthyBundle({ question: { principal } }));
    assert.deepEqual(
      [other.principal?.canonicalArn, other.principal?.sessionName, other.mapping?.by],
      [principal, undefined, "nobody"],
    );
  });

  it("gives the same facts for the same evidence, and leaves it as it was", () => {
    const evidence = healthyBundle();
    const before = JSON.stringify(evidence);
    const { kubeconfig: _documents, ...facts } = deriveFacts(evidence);
    const { kubeconfig: _others, ...again } = deriveFacts(JSON.parse(before) as DoctorEvidence);
    assert.deepEqual(again, facts);
    assert.equal(JSON.stringify(evidence), before);
  });
});
