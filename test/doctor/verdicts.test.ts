import assert from "node:assert/strict";
import { findRow } from "../../doctor/catalogue/rows.ts";
import { type Diagnosis, diagnose } from "../../doctor/check/diagnose.ts";
import type { Finding } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { RULES } from "../../doctor/rules/index.ts";
import { healthyBundle, healthyProfileBundle, healthyVouchBundle, poorer } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";
import { SOURCE_FAULTS } from "./support/source-faults.ts";

/** Rows that another, surer one stands before: who created the cluster is in no bundle. */
const BEHIND: Readonly<Record<string, string>> = { A14: "R1" };

const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

/** Whether a cause is this row, or another view of it. */
function isSame(cause: string, row: string): boolean {
  return (
    cause === row ||
    findRow(row)?.sameAs?.includes(cause) === true ||
    findRow(cause)?.sameAs?.includes(row) === true
  );
}

const say = ({ cause, summary }: Finding) => `${cause}: ${summary}`;

/** Codes of the rules that found a row. */
function findersOf(row: string, { outcomes }: Diagnosis): readonly string[] {
  return outcomes.flatMap((outcome) =>
    outcome.status === "found" && outcome.findings.some(({ cause }) => cause === row)
      ? [outcome.rule.code]
      : [],
  );
}

/** Rules that threw: one that looks at what it does not declare is such a bug. */
function bugsIn({ outcomes }: Diagnosis): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.status === "failed" ? [String(outcome.error)] : []));
}

function certainCauses({ outcomes }: Diagnosis): ReadonlySet<string> {
  const findings = outcomes.flatMap((outcome) => (outcome.status === "found" ? outcome.findings : []));
  return new Set(findings.filter(({ confidence }) => confidence === "certain").map(({ cause }) => cause));
}

describe("the doctor, on a bundle with one fault", () => {
  const faults = [...FAULTS.map((fault) => ({ ...fault, name: "" })), ...SOURCE_FAULTS];
  for (const { row, name, bundle } of faults.map((fault) => ({
    ...fault,
    name: fault.name && ` (${fault.name})`,
  }))) {
    const first = BEHIND[row] ?? row;
    const whole = on(bundle);

    it(`names ${row} first${name}`, () => {
      assert.equal(whole.rootCauses[0]?.cause, first);
    });

    it(`neither rules out ${row}${name} nor makes another cause certain when a part of the evidence is taken away`, () => {
      const finders = findersOf(row, whole);
      const before = certainCauses(whole);
      assert.notDeepEqual(finders, []);
      for (const [what, less] of poorer(bundle)) {
        const diagnosis = on(less);
        assert.deepEqual(bugsIn(diagnosis), [], what);
        const ruledOut = diagnosis.outcomes.filter(
          ({ rule, status }) =>
            finders.includes(rule.code) && (status === "passed" || status === "notApplicable"),
        );
        assert.deepEqual(
          ruledOut.map(({ rule, status }) => `${rule.code} ${status}`),
          [],
          what,
        );
        const made = [...certainCauses(diagnosis)].filter(
          (cause) => !before.has(cause) && !isSame(cause, row),
        );
        assert.deepEqual(made, [], what);
        const wrong = diagnosis.rootCauses.filter(
          ({ confidence, cause }) => confidence === "certain" && !isSame(cause, row) && !isSame(cause, first),
        );
        assert.deepEqual(wrong.map(say), [], what);
      }
    });

    it(`says the same of ${row}${name} whatever else is in the evidence, and in whatever order`, () => {
      const expected = whole.rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`);
      for (const other of [foreign(bundle), reversed(bundle)]) {
        assert.deepEqual(
          on(other).rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
          expected,
        );
      }
    });
  }
});

const LIST_PARTS = [
  "accessEntries",
  "accessEntryDetails",
  "associatedPolicies",
  "accessReviews",
  "namespaces",
  "identityProviders",
  "clocks",
  "tokenNames",
] as const;

/** The same bundle with fields in its objects that nobody knows. */
function foreign(bundle: DoctorEvidence): DoctorEvidence {
  const parts = Object.entries(bundle).map(([name, part]): [string, unknown] => {
    const isObject = typeof part === "object" && part !== null && !Array.isArray(part);
    const isOpen = isObject && !["environment", "droppedEnvironment"].includes(name);
    return [name, isOpen ? { ...part, xForeign: "AccessDenied Unauthorized" } : part];
  });
  return { ...(Object.fromEntries(parts) as unknown as DoctorEvidence) };
}

/** The same bundle with the lists of AWS and Kubernetes, which have no order, turned around. */
function reversed(bundle: DoctorEvidence): DoctorEvidence {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.toReversed();
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, Array.isArray(each) ? each.toReversed() : each]),
    );
  };
  const parts = LIST_PARTS.filter((part) => bundle[part] !== undefined);
  return { ...bundle, ...Object.fromEntries(parts.map((part) => [part, turn(bundle[part])])) };
}

describe("the doctor, on a bundle with nothing wrong", () => {
  const bundles = {
    "an aws context": healthyBundle(),
    "a Vouch context": healthyVouchBundle(),
    "a context of ours by an AWS profile": healthyProfileBundle(),
  };
  for (const [name, bundle] of Object.entries(bundles)) {
    it(`finds nothing in ${name}, whatever part is missing`, () => {
      for (const [what, less] of [["whole", bundle] as const, ...poorer(bundle)]) {
        assert.deepEqual(
          on(less)
            .outcomes.filter(({ status }) => status === "found" || status === "failed")
            .map(({ rule, status }) => `${rule.code} ${status}`),
          [],
          what,
        );
      }
    });

    it(`decides most rules in ${name}, and says of each why it does not apply`, () => {
      const { outcomes } = on(bundle);
      const undecided = outcomes.filter(({ status }) => status === "unknown").map(({ rule }) => rule.code);
      assert.ok(undecided.length === 0, undecided.join(" "));
      for (const outcome of outcomes)
        if (outcome.status === "notApplicable") assert.match(outcome.why, /\w+ \w+/);
    });
  }

  it("says nothing where nothing is known", () => {
    const { rootCauses, warnings, outcomes } = on({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" });
    assert.deepEqual([rootCauses, warnings], [[], []]);
    assert.deepEqual(
      outcomes.filter(({ status }) => status === "passed"),
      [],
    );
  });
});
