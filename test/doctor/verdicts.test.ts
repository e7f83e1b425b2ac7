import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { isListOfAnswers, PART_NAMES } from "../../doctor/evidence/parts.ts";
import { ALL_FAULTS, firstOf } from "./support/all-faults.ts";
import { healthyBundle, healthyProfileBundle, healthyVouchBundle, poorer } from "./support/bundle.ts";

const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

describe("the doctor, on a bundle with one fault", () => {
  for (const { row, name, bundle } of ALL_FAULTS) {
    const whole = on(bundle);

    it(`names ${row} first${name}`, () => {
      assert.equal(whole.rootCauses[0]?.cause, firstOf(row));
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

/** The same bundle with fields in its objects that nobody knows. */
function foreign(bundle: DoctorEvidence): DoctorEvidence {
  const parts = Object.entries(bundle).map(([name, part]): [string, unknown] => {
    const isObject = typeof part === "object" && part !== null && !Array.isArray(part);
    const isOpen = isObject && name !== "environment";
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
  const parts = PART_NAMES.filter((part) => bundle[part] !== undefined && isListOfAnswers(part));
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
