import assert from "node:assert/strict";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { healthyBundle, healthyVouchBundle, without } from "./support/bundle.ts";
import { CLIENT_FAULTS } from "./support/client-faults.ts";
import { pluginFailed, unauthorized } from "./support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS } from "./support/kubeconfig-faults.ts";
import { rulesOf } from "./support/rules-of.ts";

const RULES = rulesOf(/^(?:K|T(?!2$))/);
const FAULTS = { ...KUBECONFIG_FAULTS, ...CLIENT_FAULTS };
const HEALTHY = { "an aws context": healthyBundle(), "a Vouch context": healthyVouchBundle() };

/** Other rows that these faults may be called for certain too: they are the same fault, seen from another side. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  K8: ["K10"],
  T3: ["K1"],
  T7: ["T7"],
  T12: ["T1"],
};

function parts(bundle: DoctorEvidence): (keyof DoctorEvidence)[] {
  return (Object.keys(bundle) as (keyof DoctorEvidence)[]).filter(
    (part) => part !== "apiVersion" && part !== "kind",
  );
}

/** What all of these rules find together. */
function findings(bundle: DoctorEvidence) {
  return diagnose(RULES, deriveFacts(bundle)).outcomes.flatMap((outcome) =>
    outcome.status === "found" ? outcome.findings : [],
  );
}

describe("every rule on kubeconfig, exec block and client", () => {
  it("has the rows K1 to K17, T1 and T3 to T13", () => {
    const rows = [...new Set(RULES.flatMap(({ causes }) => causes))].sort();
    assert.deepEqual(rows, Object.keys(FAULTS).sort());
  });

  for (const [name, bundle] of Object.entries(HEALTHY)) {
    it(`is silent on ${name} with nothing wrong, whatever piece is missing`, () => {
      assert.deepEqual(findings(bundle), []);
      for (const part of parts(bundle)) assert.deepEqual(findings(without(bundle, part)), [], part);
    });
  }

  const elsewhere = {
    "a 401": unauthorized(),
    "expired credentials": pluginFailed(
      "An error occurred (ExpiredToken) when calling the AssumeRole operation",
    ),
    "a 403": healthyBundle({
      question: {
        exitCode: 1,
        stderr:
          'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "prod"',
      },
    }),
    "no answer": healthyBundle({
      question: {
        exitCode: 1,
        stderr: "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout",
      },
      apiServer: { failed: "i/o timeout" },
    }),
  };
  for (const [name, bundle] of Object.entries(elsewhere)) {
    it(`is silent on ${name} that has another cause, whatever piece is missing`, () => {
      assert.deepEqual(findings(bundle), []);
      for (const part of parts(bundle)) assert.deepEqual(findings(without(bundle, part)), [], part);
    });
  }

  for (const [cause, bundle] of Object.entries(FAULTS)) {
    it(`names ${cause}, and nothing else for certain, whatever piece is missing`, () => {
      const found = findings(bundle);
      assert.ok(found.some((finding) => finding.cause === cause));
      for (const part of [undefined, ...parts(bundle)]) {
        const less = part === undefined ? bundle : without(bundle, part);
        const certain = findings(less)
          .filter(({ confidence }) => confidence === "certain")
          .map((finding) => finding.cause)
          .filter((other) => other !== cause && ALSO[cause]?.includes(other) !== true);
        assert.deepEqual(certain, [], `without ${part}`);
      }
    });

    it(`says nothing of ${cause} once the call works`, () => {
      const works = { ...bundle, question: { exitCode: 0 }, apiServer: { status: 200, isKubernetes: true } };
      const errors = findings(works).filter(({ severity }) => severity === "error");
      assert.deepEqual(errors, []);
    });
  }

  it("is silent on somebody else's access, whatever the caller's own kubeconfig is like", () => {
    for (const bundle of Object.values(FAULTS)) {
      const principal = "arn:aws:iam::111122223333:role/Other";
      const asked = { ...bundle, question: { ...bundle.question, principal } };
      const found = findings(asked).filter(({ cause }) => cause !== "T8");
      assert.deepEqual(found, []);
    }
  });

  it("quotes no token, wherever one was put", () => {
    const url = "https://sts.eu-west-1.amazonaws.com/?X-Amz-Date=20260115T110000Z&X-Amz-Signature=c4n4ry";
    const token = `k8s-aws-v1.${btoa(url)}`;
    const asName = unauthorized(edited(["--cluster-name, lab", `--cluster-name, "${token}"`]));
    const asToken = unauthorized(edited(["    exec:", `    token: ${token}\n    exec:`]));
    const asFlag = unauthorized({
      question: { command: `kubectl --token ${token} get po`, stderr: "Unauthorized" },
    });
    const found = [asName, asToken, asFlag].flatMap(findings);
    assert.deepEqual(
      found.map(({ cause, confidence }) => `${cause} ${confidence}`),
      ["K17 likely", "K11 certain", "K11 certain"],
    );
    assert.equal(JSON.stringify(found).includes(btoa(url).slice(0, 40)), false);
  });
});
