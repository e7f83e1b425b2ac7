/**
 * Evidence that lacks something: what is not known is neither ruled out nor taken for another cause, one fault has one name, and
 * nothing is to be done that cannot be undone unless its cause is certain.
 */
import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { type Diagnosis, diagnose } from "../../doctor/check/diagnose.ts";
import type { Finding } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { partOf } from "../support/part.ts";
import { ALL_FAULTS, firstOf } from "./support/all-faults.ts";
import { poorer } from "./support/bundle.ts";
import { irreversibleWithoutCertainty } from "./support/irreversible.ts";
import { isSame } from "./support/same-row.ts";

const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

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

describe("the doctor, on a bundle with one fault and a part less", () => {
  for (const { row, name, bundle } of partOf("evidence taken away", ALL_FAULTS))
    it(`neither rules out ${row}${name}, nor makes another cause certain, nor adds one, nor risks what cannot be undone`, () => {
      const whole = on(bundle);
      const first = firstOf(row);
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
        const named = [...diagnosis.rootCauses, ...diagnosis.warnings];
        assert.ok(named.length <= 1, `${what}: ${named.map(say)}`);
        assert.equal(irreversibleWithoutCertainty(diagnosis), undefined, what);
      }
    });
});
