import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { judge } from "../../../doctor/judge.ts";
import { planFor, planText, renderPlan } from "../../../doctor/report/plan.ts";
import { FAULTS } from "../support/faults.ts";

const judged = (evidence: DoctorEvidence) =>
  judge(evidence, { rules: RULES, redact: false, shell: "bash", format: "aws" });
const rendered = (...cases: ReturnType<typeof judged>[]) => renderPlan(planFor(cases), { shell: "bash" });
/** Rows of which the plan writes the same in another way, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  A5: "the line that moves is written anew",
  A15: "only what differs of the line is written anew",
  P9: "the scope that was tried gets the namespaces that the policy has already",
};

const STYLE = { width: 100, color: false, unicode: true };

describe("the plan for every fault", () => {
  for (const { row, bundle } of FAULTS) {
    it(`has for one case of ${row} no command that its report does not have, and for two alike the same`, () => {
      const one = judged(bundle);
      const known = new Set(
        one.report.rootCauses.flatMap(({ fixes }) => fixes.flatMap(({ commands }) => commands)),
      );
      const plan = rendered(one);
      const commands = plan.steps.flatMap((step) => step.commands);
      const isOther = commands.some((command) => !known.has(command));
      assert.equal(isOther, row in OTHERWISE, commands.join("\n"));
      assert.deepEqual(plan.conflicts, []);
      const twice = rendered(one, judged(bundle));
      assert.deepEqual(
        twice.steps.flatMap((step) => step.commands),
        commands,
      );
      assert.ok(twice.steps.every(({ cases }) => cases.join() === "0,1"));
      assert.doesNotMatch(planText(twice, ["a", "b"], STYLE), /undefined|\[object/);
    });
  }

  it("plans something for each fault that an administrator can fix best, and for no other", () => {
    const planned = FAULTS.filter(({ bundle }) => rendered(judged(bundle)).steps.length > 0);
    const fixable = FAULTS.filter(({ bundle }) =>
      judged(bundle).report.rootCauses.some(
        ({ confidence, fixes: [best] }) =>
          confidence !== "possible" && best !== undefined && best.audience !== "you",
      ),
    );
    assert.equal(planned.length, fixable.length);
  });
});
