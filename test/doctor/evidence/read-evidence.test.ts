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

  /** What a bundle in which this stands is read as, besides what every bundle has. */
  function readAs(changes: Readonly<Record<string, unknown>>): unknown {
    const {
      apiVersion: _version,
      kind: _kind,
      ...parts
    } = readEvidence(JSON.stringify({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", ...changes }));
    return parts;
  }

  describe("takes null", () => {
    const NONE: Readonly<Record<string, string>> = {
      awsConfig: "ENOENT: no such file",
      awsCredentials: "ENOENT: no such file",
      cluster: "ResourceNotFoundException: No cluster found for that name.",
      role: "NoSuchEntity: The role cannot be found.",
      user: "NoSuchEntity: The user cannot be found.",
    };
    for (const [part, failed] of Object.entries(NONE)) {
      it(`for "there is none" of ${part}, in the words of who was asked`, () =>
        assert.deepEqual(readAs({ [part]: null }), { [part]: { failed } }));
    }

    it("for what it says where the schema has it", () => {
      const told = {
        awsAuth: null,
        execCommand: { command: "aws", resolved: null },
        workload: { kind: "pod", annotatedRole: null, podIdentityRole: null },
      };
      assert.deepEqual(readAs(told), told);
    });

    it("for left out inside an answer of AWS or Kubernetes", () => {
      const accessEntry = { principalArn: "x", kubernetesGroups: null, tags: null };
      assert.deepEqual(
        readAs({
          accessEntries: { accessEntries: [], nextToken: null },
          accessEntryDetails: [{ accessEntry }],
          cluster: { cluster: { name: "lab", accessConfig: null, resourcesVpcConfig: { vpcId: null } } },
          rbac: { items: [{ kind: "ClusterRole", metadata: { name: "x" }, subjects: null }] },
          roles: { Roles: [{ Arn: "x", CreateDate: null }] },
          otherObservations: [{ differs: "x", callerIdentity: { Arn: "x", UserId: null } }],
        }),
        {
          accessEntries: { accessEntries: [], nextToken: null },
          accessEntryDetails: [{ accessEntry: { principalArn: "x", tags: null } }],
          cluster: { cluster: { name: "lab", resourcesVpcConfig: {} } },
          rbac: { items: [{ kind: "ClusterRole", metadata: { name: "x" } }] },
          roles: { Roles: [{ Arn: "x" }] },
          otherObservations: [{ differs: "x", callerIdentity: { Arn: "x" } }],
        },
      );
    });

    it("for a mistake everywhere else", () => {
      assert.deepEqual(mistakes({ accessEntries: null, excerpts: [null], environment: { A: null } }), [
        "environment.A: expected a string, found null",
        "accessEntries: expected an object, found null",
        "excerpts[0]: expected a string, found null",
      ]);
      assert.deepEqual(mistakes({ otherObservations: [{ differs: null }], workload: { kind: null } }), [
        "otherObservations[0].differs: expected a string, found null",
        "workload.kind: expected a string, found null",
      ]);
      assert.deepEqual(mistakes({ otherObservations: [null], cluster: { cluster: null } }), [
        "cluster.cluster: missing",
        "otherObservations[0]: expected an object, found null",
      ]);
    });

    it("for nothing special where a field is named as JavaScript's own are", () => {
      const named =
        '{"Arn": "x", "constructor": null, "__proto__": null, "toString": null, "hasOwnProperty": 1}';
      const role = readAs({ role: { Role: JSON.parse(named) as unknown } }) as { role: { Role: object } };
      assert.deepEqual(Object.entries(role.role.Role), Object.entries(JSON.parse(named) as object));
      assert.deepEqual(mistakes({ constructor: null }).length, 1);
      assert.deepEqual(mistakes({ toString: null }).length, 1);
    });
  });

  it("lets through what AWS and Kubernetes print besides", () => {
    const role = { Role: { Arn: "x", RoleId: "y", CreateDate: 1, Tags: [], Description: CANARY }, Other: 1 };
    assert.deepEqual(mistakes({ role, rbac: { apiVersion: "v1", kind: "List", items: [] } }), []);
  });

  const WRONG: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, readonly string[]]>> = {
    "another kind": [{ kind: "Pod" }, ['kind: expected "DoctorEvidence", found a string']],
    "a part that there is not": [{ clusterz: {} }, ["clusterz: unknown field; known fields are …"]],
    "an account id without quotes": [
      { callerIdentity: { UserId: "x", Account: 111122223333, Arn: "x" } },
      ["callerIdentity.Account: expected a string, found a number; put it in quotes"],
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
      ["network.tcp: expected one of open, refused, timeout, unreachable, found a string"],
    ],
    "a secret in place of an object": [{ token: CANARY }, ["token: expected an object, found a string"]],
    "a reason that is none": [
      { cluster: { failed: true } },
      ["cluster.failed: expected a string, found true or false; put it in quotes"],
    ],
  };
  for (const [what, [changes, expected]] of Object.entries(WRONG)) {
    it(`refuses ${what}, and says where and what was expected`, () => {
      assert.deepEqual(
        mistakes(changes).map((line) => line.replace(/known fields are .*/, "known fields are …")),
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
