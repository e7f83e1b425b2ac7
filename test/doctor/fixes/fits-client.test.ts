import assert from "node:assert/strict";
import { ALL_FAULTS } from "../support/all-faults.ts";
import { reportOn } from "../support/report-case.ts";

/** Commands that change a kubeconfig. */
const KUBECONFIG = /kubectl config|eks update-kubeconfig|vouch setup eks/;

describe("fixes for a Terraform provider that reads no kubeconfig", () => {
  it("change none, and are not left out", () => {
    const wrong = ALL_FAULTS.flatMap(({ row, name, bundle: { kubeconfig: _, ...bundle } }) => {
      const { context: _context, ...question } = bundle.question ?? {};
      const { rootCauses } = reportOn({ ...bundle, question, client: { name: "terraform" } });
      const { rootCauses: usual } = reportOn(bundle);
      return rootCauses.flatMap(({ cause, fixes }) => {
        const hadFixes = usual.find((other) => other.cause === cause)?.fixes.length !== 0;
        const texts = fixes.flatMap(({ commands }) => commands);
        const isRight = !texts.some((text) => KUBECONFIG.test(text)) && (fixes.length > 0 || !hadFixes);
        return isRight ? [] : [`${row}${name}: ${cause} ${texts.join("; ")}`];
      });
    });
    assert.deepEqual(wrong, []);
  });
});
