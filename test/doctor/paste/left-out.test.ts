import assert from "node:assert/strict";
import { plainLines } from "../../../doctor/paste/plain-lines.ts";
import { readPasted, takenWords } from "../../../doctor/paste/read-paste.ts";
import { turnsOf } from "../../../doctor/paste/turns.ts";
import { corpus } from "../corpus/corpus.ts";

const FAILED = "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n";
const BUNDLE = JSON.stringify({
  apiVersion: "vouch.kubectl/v1",
  kind: "DoctorEvidence",
  clusters: { clusters: ["lab"] },
});

/** What is said of pieces from which nothing, or not all, was used. */
const LEFT_OUT: Readonly<Record<string, readonly [texts: readonly string[], words: RegExp]>> = {
  "what the bundle beside it has": [
    [BUNDLE, '$ aws eks list-clusters\n{ "clusters": ["prod"] }\n'],
    /^not used: the bundle's copy takes precedence$/,
  ],
  "a part that stays incomplete": [[`${FAILED}{"associations":[{"namespace":7}]}`], /^not used: workload/],
  "a command that worked": [
    [
      `${FAILED}$ kubectl get nodes\nNAME   STATUS   ROLES    AGE   VERSION\nn1     Ready    <none>   3d    v1.33\n`,
    ],
    /^not used: it succeeded, but a failure is diagnosed$/,
  ],
  "a command that printed nothing": [
    [`$ aws eks list-access-entries --cluster-name lab --output text\n${FAILED}`],
    /^not used: the command printed nothing$/,
  ],
  "a second answer": [
    [`${FAILED}{ "clusters": ["a"] }\n{ "clusters": ["b"] }\n`],
    /^not used: an earlier one is used$/,
  ],
  "another failure": [
    [FAILED, FAILED.replace("pods", "nodes")],
    /^not used: a different failure is diagnosed$/,
  ],
};

describe("what was pasted and is not used", () => {
  for (const [what, [texts, words]] of Object.entries(LEFT_OUT))
    it(`is told: ${what}`, () => {
      const { taken } = readPasted(
        texts.map((text) => ({ text })),
        0,
      );
      const said = taken.map(takenWords);
      assert.ok(
        said.some((one) => words.test(one)),
        said.join("; "),
      );
    });

  it("is told by its lines: none of a text is outside of all pieces", () => {
    for (const { name, text, isSetAside } of corpus()) {
      if (isSetAside) continue;
      const { taken } = readPasted([{ text }], 0);
      for (const { output, line } of turnsOf(plainLines(text)))
        for (const [index, said] of output.split("\n").entries()) {
          const at = line + index;
          const isTaken = said.trim() === "" || taken.some(({ first, last }) => first <= at && at <= last);
          assert.ok(isTaken, `${name}, line ${at}: ${said}`);
        }
    }
  });
});
