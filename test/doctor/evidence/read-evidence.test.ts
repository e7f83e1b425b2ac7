import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { healthyBundle, healthyVouchBundle } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";

const CANARY = "canary-secret-in-the-wrong-place";

/** The mistakes that are named for a bundle in which these fields stand. */
function mistakes(changes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    readEvidence(JSON.stringify({ ...healthyBundle(), ...changes }));
  } catch (error) {
    assert.ok(error instanceof VouchError);
    assert.equal(error.code, "evidence-invalid");
    assert.doesNotMatch(error.message, new RegExp(CANARY));
    const [head, ...lines] = error.message.split("\n");
    assert.equal(head, "Not a valid evidence bundle:");
    return lines.map((line) => line.trim());
  }
  return [];
}

describe("reading a bundle of evidence", () => {
  it("takes JSON and YAML for the same", () => {
    const bundle = healthyVouchBundle();
    assert.deepEqual(readEvidence(JSON.stringify(bundle)), bundle);
    assert.deepEqual(readEvidence(`\n  ${JSON.stringify(bundle, null, 2)}`), bundle);
    assert.deepEqual(readEvidence(stringify(bundle)), bundle);
  });

  it("takes every bundle that a rule is tested with", () => {
    for (const { row, bundle } of FAULTS) {
      assert.deepEqual(readEvidence(JSON.stringify(bundle)), JSON.parse(JSON.stringify(bundle)), row);
    }
  });

  it("takes a bundle with nothing in it, and parts that failed", () => {
    const empty: DoctorEvidence = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" };
    assert.deepEqual(readEvidence("apiVersion: vouch.kubectl/v1\nkind: DoctorEvidence\n"), empty);
    const failed = { ...empty, cluster: { failed: "denied" }, awsAuth: null, rbac: { failed: "" } };
    assert.deepEqual(readEvidence(JSON.stringify(failed)), failed);
  });

  it("lets through what AWS and Kubernetes print besides", () => {
    const role = { Role: { Arn: "x", RoleId: "y", CreateDate: 1, Tags: [], Description: CANARY }, Other: 1 };
    assert.deepEqual(mistakes({ role, rbac: { apiVersion: "v1", kind: "List", items: [] } }), []);
  });

  const WRONG: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, readonly string[]]>> = {
    "another kind": [{ kind: "Pod" }, ['kind: expected "DoctorEvidence", found text']],
    "a part that there is not": [{ clusterz: {} }, ["clusterz: no such field; there is …"]],
    "an account id without quotes": [
      { callerIdentity: { UserId: "x", Account: 111122223333, Arn: "x" } },
      ["callerIdentity.Account: expected text, found a number; put it in quotes"],
    ],
    "a field that is missing deep inside": [
      { accessEntryDetails: [{ accessEntry: {} }] },
      ["accessEntryDetails[0].accessEntry.principalArn: missing"],
    ],
    "an answer where a list of them belongs": [
      { associatedPolicies: { principalArn: "x", associatedAccessPolicies: [] } },
      ["associatedPolicies: expected a list or an object, found an object"],
    ],
    "a list where an answer belongs": [
      { accessEntries: [CANARY] },
      ["accessEntries: expected an object, found a list"],
    ],
    "a word that is none of those": [
      { network: { host: "x", port: 443, tcp: CANARY } },
      ["network.tcp: expected one of open, refused, timeout, unreachable, found text"],
    ],
    "a secret in place of an object": [{ token: CANARY }, ["token: expected an object, found text"]],
    "a reason that is none": [
      { cluster: { failed: true } },
      ["cluster.failed: expected text, found true or false; put it in quotes"],
    ],
  };
  for (const [what, [changes, expected]] of Object.entries(WRONG)) {
    it(`refuses ${what}, and says where and what was expected`, () => {
      assert.deepEqual(
        mistakes(changes).map((line) => line.replace(/there is .*/, "there is …")),
        expected,
      );
    });
  }

  it("names at most five mistakes, and how many more there are", () => {
    const lines = mistakes({ clocks: Array.from({ length: 7 }, () => ({ peer: 1, aheadSeconds: 0 })) });
    assert.equal(lines.length, 6);
    assert.equal(lines[5], "and 2 more");
  });

  for (const [what, text] of Object.entries({
    "broken JSON": `{"token": "${CANARY}" oops`,
    "broken YAML": `token: *${CANARY}\n`,
    "YAML of two documents": `---\na: 1\n---\n${CANARY}: 1\n`,
  })) {
    it(`refuses ${what} without repeating any of it`, () => {
      assert.throws(
        () => readEvidence(text),
        (error) =>
          error instanceof VouchError && error.code === "evidence-invalid" && !error.message.includes(CANARY),
      );
    });
  }

  for (const [what, text] of Object.entries({ nothing: "", "a list": "[]", "a word": "hello" })) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readEvidence(text), { code: "evidence-invalid" });
    });
  }
});
