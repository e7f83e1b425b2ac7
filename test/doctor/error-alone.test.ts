import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { failureOf, knownValue } from "../../doctor/evidence/evidence.ts";
import { readPasted } from "../../doctor/paste/read-paste.ts";
import { type Place, placeOf } from "../support/few-rights.ts";
import { ALL_FAULTS } from "./support/all-faults.ts";

/** What the person has who pastes only the error: neither command, nor kubeconfig, nor cluster. */
function errorAlone(bundle: DoctorEvidence): DoctorEvidence | undefined {
  const { question, pluginRun, callerIdentity } = bundle;
  const stderr = question?.stderr || knownValue(pluginRun)?.stderr || failureOf(callerIdentity) || "";
  return stderr === "" ? undefined : readPasted([{ text: stderr }], 0).evidence;
}

describe("the doctor, given only the error of a fault", () => {
  const places: { readonly row: string; readonly place: Place }[] = [];
  const count = (place: Place) => places.filter((found) => found.place === place).length;

  before(() => {
    for (const { row, bundle } of ALL_FAULTS) {
      const alone = errorAlone(bundle);
      if (alone !== undefined) places.push({ row, place: placeOf(row, alone) });
    }
  });

  it("is never without an answer, and never certain of a wrong one", () => {
    assert.deepEqual(
      places.filter(({ place }) => place === "unknown" || place === "wrong and certain"),
      [],
    );
  });

  it("names the cause, or ranks it, except where the same words nearly always mean something else", () => {
    const missed = places.filter(({ place }) => place === "wrong").map(({ row }) => row);
    assert.deepEqual(missed, ["E15", "P7", "R9", "T9"]);
    assert.ok(count("first") >= 90, `${count("first")} of ${places.length} first`);
  });
});
