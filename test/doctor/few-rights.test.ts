import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { rankSuspicions } from "../../doctor/causes/rank-suspicions.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import { placesOf, REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { FAULTS } from "./support/faults.ts";
import { forbidden } from "./support/mapping-faults.ts";

const FAULTS_BY_ROW = FAULTS.map(({ row, bundle }) => ({ name: row, row, bundle }));

describe("what the doctor says to somebody who may see little", () => {
  it("is, with eks:DescribeCluster alone, the cause first in 70 of 100 faults, and among five in 95", () => {
    const { share, names } = placesOf(FAULTS_BY_ROW, REFUSED_TO_DEVELOPERS);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${names("wrong")}, unknown: ${names("unknown")}`);
    assert.deepEqual(names("wrong and certain"), []);
  });

  it("is without any right in AWS hardly less, and never wrong and certain", () => {
    const { share, names } = placesOf(FAULTS_BY_ROW, REFUSED_TO_THE_BLIND);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${names("wrong")}, unknown: ${names("unknown")}`);
    assert.deepEqual(names("wrong and certain"), []);
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
