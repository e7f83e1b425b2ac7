import assert from "node:assert/strict";
import { diagnose } from "../../../../doctor/check/diagnose.ts";
import { found, type Rule } from "../../../../doctor/check/rule.ts";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { doctorReport } from "../../../../doctor/report/doctor-report.ts";
import { doctorExit } from "../../../../plugin/commands/doctor/flags.ts";
import { healthyBundle } from "../../../doctor/support/bundle.ts";

function finds(severity: "error" | "warning"): Rule {
  const describe = () => ({ summary: "", evidence: [], falsifiedBy: "", fixes: [] });
  return {
    code: `finds-${severity}`,
    stage: "mapping",
    causes: ["E1"],
    expects: "",
    needs: [],
    check: () => found({ cause: "E1", severity, confidence: "certain", describe }),
  };
}

function report(rules: readonly Rule[], changes: Partial<DoctorEvidence> = {}) {
  const facts = deriveFacts(healthyBundle(changes));
  return doctorReport(diagnose(rules, facts), facts, { shell: "bash", format: "aws" });
}

const FAILS: Partial<DoctorEvidence> = { question: {}, apiServer: { status: 401, isKubernetes: true } };

describe("doctorExit", () => {
  const well = report([]);
  const odd = report([finds("warning")]);
  const broken = report([finds("error")], FAILS);
  const unknown = report([], FAILS);

  const cases = [
    { name: "nothing is wrong", reports: [well], error: 0, warning: 0 },
    { name: "something is odd", reports: [odd, well], error: 0, warning: 80 },
    { name: "something is wrong", reports: [well, broken], error: 79, warning: 79 },
    { name: "nobody can tell", reports: [unknown], error: 79, warning: 79 },
    { name: "one is odd and one is wrong", reports: [odd, broken], error: 79, warning: 79 },
  ];
  for (const { name, reports, error, warning } of cases) {
    it(`is ${error}, or ${warning} where warnings count, when ${name}`, () => {
      assert.deepEqual(
        [doctorExit(reports, "error"), doctorExit(reports, "warning"), doctorExit(reports, "never")],
        [error, warning, 0],
      );
    });
  }
});
