import assert from "node:assert/strict";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { healthyBundle, healthyVouchBundle, without } from "./support/bundle.ts";
import { MAPPING_FAULTS } from "./support/mapping-faults.ts";
import { NETWORK_FAULTS } from "./support/network-faults.ts";
import { rulesOf } from "./support/rules-of.ts";

const RULES = rulesOf(/^(?:[NME]|P1[124]$)/);
const FAULTS = { ...NETWORK_FAULTS, ...MAPPING_FAULTS };
const judged = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

/** The bundle without each of its parts, once as if nobody had looked, once as if somebody had been refused. */
function poorer(bundle: DoctorEvidence): [string, DoctorEvidence][] {
  const parts = Object.keys(bundle).filter(
    (part) => !["apiVersion", "kind"].includes(part),
  ) as (keyof DoctorEvidence)[];
  const refused = parts.filter((part) => part !== "question" && part !== "gatheredAt");
  return [
    ...parts.map((part): [string, DoctorEvidence] => [`without ${part}`, without(bundle, part)]),
    ...refused.map((part): [string, DoctorEvidence] => [
      `with ${part} refused`,
      { ...bundle, [part]: { failed: "AccessDeniedException: not authorized" } },
    ]),
  ];
}

describe("the rules of network and mapping", () => {
  for (const [row, bundle] of Object.entries(FAULTS)) {
    it(`name ${row} first, and nothing else`, () => {
      assert.deepEqual(
        judged(bundle).rootCauses.map(({ cause }) => cause),
        [row],
      );
    });

    it(`are never certain of another cause than ${row} when a part is missing`, () => {
      const wrong = poorer(bundle).flatMap(([how, poor]) =>
        judged(poor)
          .rootCauses.filter(({ cause, confidence }) => cause !== row && confidence === "certain")
          .map(({ cause }) => `${how}: ${cause}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  for (const [name, bundle] of Object.entries({ aws: healthyBundle(), ours: healthyVouchBundle() })) {
    it(`blame nothing in a healthy context (${name}), whatever part is missing`, () => {
      const blamed = [["whole", bundle] as const, ...poorer(bundle)].flatMap(([how, poor]) => {
        const { rootCauses, warnings } = judged(poor);
        return [...rootCauses, ...warnings].map(({ cause }) => `${how}: ${cause}`);
      });
      assert.deepEqual(blamed, []);
    });
  }

  it("say nothing when nothing is known", () => {
    const { rootCauses, warnings } = judged({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" });
    assert.deepEqual([rootCauses, warnings], [[], []]);
  });

  it("name every row of theirs in the catalogue", () => {
    const named = new Set(RULES.flatMap(({ causes }) => causes));
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
    const wanted = [
      ...rows.slice(0, 12).map((n) => `N${n}`),
      ...rows.slice(0, 6).map((n) => `M${n}`),
      ...rows.map((n) => `E${n}`),
      ...["P11", "P12", "P14"],
    ];
    assert.deepEqual([...named].sort(), wanted.sort());
    assert.deepEqual(Object.keys(FAULTS).sort(), wanted.sort());
  });
});
