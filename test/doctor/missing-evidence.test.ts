import assert from "node:assert/strict";
import { findRow } from "../../doctor/catalogue/rows.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { EVIDENCE_COMMANDS, type EvidencePart } from "../../doctor/evidence/schema/evidence-commands.ts";
import { RULES } from "../../doctor/rules/index.ts";
import { healthyBundle, healthyVouchBundle, without } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";

const PARTS = Object.keys(EVIDENCE_COMMANDS) as readonly EvidencePart[];

/** Rows that another, surer one stands before: who made the cluster is in no bundle. */
const BEHIND: Readonly<Record<string, string>> = { A14: "R1" };

const REFUSED = { failed: "AccessDenied: not allowed to look" };

/** Parts that people are refused, or whose refusal a rule reads; for all others it is as if nobody had looked. */
const TELLING: ReadonlySet<EvidencePart> = new Set([
  "pluginRun",
  "callerIdentity",
  "apiServer",
  "cluster",
  "clusters",
  "accessEntries",
  "accessEntryDetails",
  "associatedPolicies",
  "role",
  "awsAuth",
  "rbac",
]);

/** The bundle with one part less: nobody looked, or somebody was refused. */
function poorer(bundle: DoctorEvidence): readonly (readonly [string, DoctorEvidence])[] {
  const parts = PARTS.filter((part) => bundle[part] !== undefined);
  const gone = parts.map((part) => [`no ${part}`, without(bundle, part)] as const);
  const refused = parts
    .filter((part) => TELLING.has(part))
    .map((part) => [`${part} refused`, { ...bundle, [part]: REFUSED }] as const);
  return [...gone, ...refused];
}

function on(bundle: DoctorEvidence) {
  return diagnose(RULES, deriveFacts(bundle));
}

/** Whether a row is the fault, or another view of it. */
function isRight(cause: string, row: string): boolean {
  return (
    cause === row ||
    findRow(row)?.sameAs?.includes(cause) === true ||
    findRow(cause)?.sameAs?.includes(row) === true
  );
}

describe("the doctor, on a bundle with one fault", () => {
  for (const { row, bundle } of FAULTS) {
    it(`names ${row}, and is never certain of another cause when a piece is missing`, () => {
      const { rootCauses } = on(bundle);
      assert.equal(rootCauses[0]?.cause, BEHIND[row] ?? row);
      for (const [what, less] of poorer(bundle)) {
        const wrong = on(less).rootCauses.filter(
          ({ confidence, cause }) => confidence === "certain" && !isRight(cause, row),
        );
        assert.deepEqual(
          wrong.map(({ cause, summary }) => `${cause}: ${summary}`),
          [],
          what,
        );
      }
    });
  }
});

describe("the doctor, on a bundle with nothing wrong", () => {
  for (const [name, bundle] of Object.entries({
    "an aws context": healthyBundle(),
    "a Vouch context": healthyVouchBundle(),
  })) {
    it(`blames nothing in ${name}, whatever piece is missing`, () => {
      for (const [what, less] of poorer(bundle)) {
        const { rootCauses, warnings } = on(less);
        assert.deepEqual(
          [...rootCauses, ...warnings].map(({ cause, summary }) => `${cause}: ${summary}`),
          [],
          what,
        );
      }
    });
  }
});
