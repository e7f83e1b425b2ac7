import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { rankSuspicions } from "../../doctor/causes/rank-suspicions.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import {
  type Place,
  placeOf,
  REFUSED_TO_DEVELOPERS,
  REFUSED_TO_THE_BLIND,
  type Refused,
  seenBy,
} from "../support/few-rights.ts";
import { FAULTS } from "./support/faults.ts";
import { forbidden } from "./support/mapping-faults.ts";

/** How many faults, for each place; and which stand nowhere. */
function judge(refused: Refused) {
  const places = FAULTS.map(({ row, bundle }) => ({ row, place: placeOf(row, seenBy(bundle, refused)) }));
  const share = (...wanted: readonly Place[]) =>
    places.filter(({ place }) => wanted.includes(place)).length / places.length;
  const rows = (wanted: Place) => places.flatMap(({ row, place }) => (place === wanted ? [row] : []));
  return { share, rows };
}

describe("what the doctor says to somebody who may see little", () => {
  it("is, with eks:DescribeCluster alone, the cause first in 70 of 100 faults, and among five in 95", () => {
    const { share, rows } = judge(REFUSED_TO_DEVELOPERS);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${rows("wrong")}, unknown: ${rows("unknown")}`);
    assert.deepEqual(rows("wrong and certain"), []);
  });

  it("is without any right in AWS hardly less, and never wrong and certain", () => {
    const { share, rows } = judge(REFUSED_TO_THE_BLIND);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${rows("wrong")}, unknown: ${rows("unknown")}`);
    assert.deepEqual(rows("wrong and certain"), []);
  });

  it("names no row that a rule has ruled out, and none twice", () => {
    for (const { bundle } of FAULTS) {
      const facts = deriveFacts(seenBy(bundle, REFUSED_TO_DEVELOPERS));
      const diagnosis = diagnose(RULES, facts);
      const open = diagnosis.outcomes.flatMap(({ rule, status }) =>
        status === "unknown" ? rule.causes : [],
      );
      const suspicions = rankSuspicions(diagnosis, facts);
      const named = suspicions.flatMap(({ causes }) => causes);
      assert.ok(suspicions.length <= 6);
      assert.deepEqual(
        named.filter((cause) => !open.includes(cause)),
        [],
      );
      assert.deepEqual(named, [...new Set(named)]);
    }
  });

  it("is no suspicion where a cause is more than possible, and none that is a cause already", () => {
    for (const { bundle } of FAULTS) {
      const facts = deriveFacts(bundle);
      const diagnosis = diagnose(RULES, facts);
      const suspected = rankSuspicions(diagnosis, facts).flatMap(({ causes }) => causes);
      const { rootCauses } = diagnosis;
      if (rootCauses.some(({ confidence }) => confidence !== "possible")) assert.deepEqual(suspected, []);
      for (const { cause } of rootCauses) assert.ok(!suspected.includes(cause), cause);
    }
  });

  it("says nothing of somebody else by what the caller may do", () => {
    const attempt = { verb: "list", group: "", resource: "pods", namespace: "web" };
    const bundle = forbidden({
      accessReviews: [],
      associatedPolicies: { failed: "no" },
      rbac: { failed: "no" },
    });
    const stderr = bundle.question?.stderr ?? "";
    const reviews = [
      { spec: { resourceAttributes: attempt }, status: { allowed: false } },
      { spec: { resourceAttributes: { ...attempt, verb: "get" } }, status: { allowed: true } },
    ];
    const hints = (question: object) => {
      const facts = deriveFacts({
        ...bundle,
        accessReviews: reviews,
        question: { ...question, stderr, attempt },
      });
      return rankSuspicions(diagnose(RULES, facts), facts).flatMap((suspicion) => suspicion.hints);
    };
    assert.ok(hints({}).includes("You can get pods in namespace web."));
    assert.ok(
      !hints({ principal: "arn:aws:iam::111122223333:role/Other" }).some((hint) =>
        /\b(?:can|may)\b|allowed/.test(hint),
      ),
    );
  });
});
