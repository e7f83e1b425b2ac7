import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CATALOGUE, findCause, RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { ALL_FAULTS } from "../support/all-faults.ts";

const ROWS = CATALOGUE.flatMap(({ causes }) => causes);
const IDS: readonly string[] = ROWS.map(({ id }) => id);

/** A listing that misses rights which the caller has: nothing is broken. */
const HARMLESS = "P8";

describe("the catalogue of causes", () => {
  it("numbers the rows of each letter from 1 on, each once", () => {
    for (const [letter, ids] of Map.groupBy(IDS, (id) => id.charAt(0)))
      assert.deepEqual(new Set(ids), new Set(ids.map((_, index) => `${letter}${index + 1}`)));
  });

  it("has a bundle for each row in which something is broken", () => {
    const broken = new Set(ALL_FAULTS.map(({ row }) => row));
    assert.deepEqual(
      IDS.filter((id) => !broken.has(id)),
      [HARMLESS],
    );
  });

  it("has a rule for each row", () => {
    const covered: ReadonlySet<string> = new Set(RULES.flatMap(({ causes }) => causes));
    assert.deepEqual(
      IDS.filter((id) => !covered.has(id)),
      [],
    );
  });

  it("has a test for every rule, named after it", () => {
    const folder = import.meta.dirname;
    const missing = RULES.filter(
      ({ code, stage }) => !fs.existsSync(path.join(folder, `${stage}/${code}.test.ts`)),
    );
    assert.deepEqual(
      missing.map(({ code }) => code),
      [],
    );
  });

  it("knows every row that a rule or an alias names", () => {
    const named = [...RULES.flatMap(({ causes }) => causes), ...ROWS.flatMap(({ sameAs = [] }) => sameAs)];
    assert.deepEqual(
      named.filter((id) => !IDS.includes(id)),
      [],
    );
  });

  it("is asked in either case", () => {
    assert.equal(findCause("e3")?.id, "E3");
    assert.equal(findCause("X1"), undefined);
  });

  it("never lets a row be certain that nobody has confirmed", () => {
    const unconfirmed = new Set(ROWS.filter(({ isUnconfirmed }) => isUnconfirmed).map(({ id }) => id));
    assert.deepEqual([...unconfirmed].toSorted(), ["A15", "A17", "K17", "N12", "R10"]);
    for (const { row, bundle } of ALL_FAULTS) {
      const { rootCauses } = diagnose(RULES, deriveFacts(bundle));
      const certain = rootCauses
        .filter(({ confidence }) => confidence === "certain")
        .map(({ cause }) => cause);
      assert.deepEqual(
        certain.filter((cause) => unconfirmed.has(cause)),
        [],
        row,
      );
    }
  });
});
