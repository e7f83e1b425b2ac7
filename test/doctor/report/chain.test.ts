import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { healthyBundle, pluginFailed, ROLE_ARN, unauthorized, without } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { forbidden } from "../support/mapping-faults.ts";
import { reportOn } from "../support/report-case.ts";

const SIGNS = { proved: "+", broken: "x", unseen: "?" };

/** One sign for each of kubeconfig, plugin, credentials, trust, token, network, mode, mapping, authorization. */
const chain = (bundle: DoctorEvidence) =>
  reportOn(bundle)
    .chain.map(({ state }) => SIGNS[state])
    .join("");

const NOT_ALLOWED = { failed: "AccessDeniedException: not authorized" };

describe("the chain of the report", () => {
  it("is proved throughout where the call works", () => {
    assert.equal(chain(healthyBundle()), "+++++++++");
  });

  it("is proved by a call that was made and succeeded, whatever it asked, and by an answer that is no refusal", () => {
    const called = (command: string, said: object = { exitCode: 0, stderr: "" }) =>
      chain(without(healthyBundle({ question: { command, ...said } }), "accessReviews", "selfSubjectReview"));
    for (const command of ["kubectl get pods", "helm list -n web", "kubectl --context lab logs web-0"])
      assert.equal(called(command), "+++++++++", command);
    const stderr = 'Error from server (NotFound): pods "x" not found';
    assert.equal(called("kubectl get pod x", { exitCode: 1, stderr }), "+++++++++");
  });

  it("is not proved by a command that calls no cluster, nor by the doctor's own call for nothing", () => {
    const bundle = without(healthyBundle({ question: {} }), "accessReviews");
    assert.equal(chain(bundle), "++++++++?");
    for (const command of [
      "kubectl config view",
      "kubectl completion bash",
      "kubectl --context lab version --client",
      "helm template .",
    ]) {
      const question = { command, exitCode: 0, stderr: "" };
      assert.equal(chain(without({ ...bundle, question }, "selfSubjectReview")), "+++++++??", command);
    }
  });

  it("breaks at the mapping with a 401 of a good token, and is proved before it", () => {
    assert.equal(
      chain(unauthorized({ accessEntries: NOT_ALLOWED, accessEntryDetails: NOT_ALLOWED })),
      "+++++++x?",
    );
  });

  it("does not say where a 401 breaks it while nobody knows whether the token is good", () => {
    const refused = unauthorized({ accessEntries: NOT_ALLOWED, accessEntryDetails: NOT_ALLOWED });
    assert.equal(chain({ ...refused, tokenNames: NOT_ALLOWED }), "++++?++??");
  });

  it("breaks at authorization with a 403, which proves the rest even if nobody looked", () => {
    const refused = forbidden({ associatedPolicies: NOT_ALLOWED });
    assert.equal(chain(refused), "++++++++x");
    assert.equal(chain(without(refused, "tokenNames")), "++++++++x");
  });

  it("proves and breaks nothing with a 403 as system:anonymous: no credentials were sent", () => {
    const stderr = `Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope`;
    const { apiVersion, kind } = healthyBundle();
    assert.equal(chain({ apiVersion, kind, question: { stderr } }), "?????????");
  });

  it("says of nothing behind a plugin that failed that it holds", () => {
    assert.match(chain(pluginFailed("Unable to locate credentials")), /^\+\?x\?\?\?\+\?\?$/);
  });

  it("proves nothing about somebody else by the caller's own success", () => {
    assert.match(chain(healthyBundle({ question: { principal: `${ROLE_ARN}Other` } })), /^..\?\?..+\?$/);
  });

  it("breaks where a cause is found, in every fault", () => {
    for (const { row, bundle } of FAULTS) {
      const { rootCauses, chain: links } = reportOn(bundle);
      for (const { stage } of rootCauses) {
        const link = links.find((each) => each.stage === stage);
        assert.ok(stage === "client" || link?.state === "broken", `${row}: ${stage}`);
      }
    }
  });
});
