import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { RootCause } from "../../doctor/check/diagnose.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { partOf } from "../support/part.ts";
import { healthyBundle } from "./support/bundle.ts";
import { FAULTS } from "./support/faults.ts";
import { saidOf } from "./support/printed-commands.ts";

type Parts = Readonly<Record<string, unknown>>;

const HEALTHY = healthyBundle() as unknown as Parts;

/** The parts in which a fault is another case than the healthy one. */
function partsOf(bundle: DoctorEvidence): Parts {
  const parts = bundle as unknown as Parts;
  const names = new Set([...Object.keys(parts), ...Object.keys(HEALTHY)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => !isDeepStrictEqual(parts[name], HEALTHY[name]))
      .map((name) => [name, parts[name]]),
  );
}

const PARTS = FAULTS.map(({ row, bundle }) => ({ row, parts: partsOf(bundle) }));
type FaultParts = (typeof PARTS)[number];

/** The faults that can be there besides this one: no part would have to be in two ways. */
function othersBeside(one: FaultParts): readonly FaultParts[] {
  return PARTS.filter((other) => {
    const isTorn = Object.keys(one.parts).some(
      (name) =>
        name !== "question" && name in other.parts && !isDeepStrictEqual(one.parts[name], other.parts[name]),
    );
    return one !== other && !isTorn;
  });
}

/** Two faults at once; the call failed as the first makes it fail. */
function bundleOf(one: FaultParts, other: FaultParts): DoctorEvidence {
  const all = Object.entries({ ...HEALTHY, ...other.parts, ...one.parts });
  return Object.fromEntries(all.filter(([, part]) => part !== undefined)) as unknown as DoctorEvidence;
}

/** Causes that were seen, are likely at least, and are put under a certain one that does not say it explains them. */
function swallowed(root: RootCause): readonly string[] {
  if (root.confidence !== "certain") return [];
  const told = new Set([root, ...root.consequences].flatMap(({ explains = [] }) => explains));
  return root.consequences
    .filter(({ cause, explains = [], confidence, inferred }) => {
      const isSame = cause === root.cause || explains.includes(root.cause);
      return confidence !== "possible" && inferred !== true && !isSame && !told.has(cause);
    })
    .map(({ cause }) => `${root.cause} takes in ${cause}`);
}

function allSwallowed(bundle: DoctorEvidence): readonly string[] {
  return saidOf(bundle).diagnosis.rootCauses.flatMap(swallowed);
}

describe("two explanations of one failure", () => {
  it("are never one that is certain, whoever looks at a fault", () => {
    const found = FAULTS.flatMap(({ row, bundle }) =>
      [bundle, seenBy(bundle, REFUSED_TO_DEVELOPERS), seenBy(bundle, REFUSED_TO_THE_BLIND)]
        .flatMap(allSwallowed)
        .map((words) => `${row}: ${words}`),
    );
    assert.deepEqual(found, []);
  });

  it("are looked for in thousands of pairs", () => {
    assert.ok(PARTS.flatMap(othersBeside).length > 5000);
  });

  for (const one of partOf("two faults", PARTS))
    it(`are two where there is another fault besides ${one.row}`, () => {
      const found = othersBeside(one).flatMap((other) =>
        allSwallowed(bundleOf(one, other)).map((words) => `${other.row}: ${words}`),
      );
      assert.deepEqual(found, []);
    });
});
