import assert from "node:assert/strict";
import { unknownWords } from "../../../doctor/report/words.ts";
import { healthyVouchBundle } from "../support/bundle.ts";
import { reportOn } from "../support/report-case.ts";

/** As our own plugin ends where its state folder is closed: no rule knows why. */
const CLOSED =
  "error: /home/ada/.local/state/kubectl-vouch/current.json cannot be read: permission denied. [file-unreadable]\nLook at its owner and mode: `ls -ld /home/ada/.local/state`\n";

describe("a plugin that fails for a reason that no rule knows", () => {
  const failed = "the plugin did not return a token";
  const report = (stderr: string) =>
    reportOn(
      healthyVouchBundle({
        question: {},
        pluginRun: { exitCode: 6, stderr, seconds: 0.2 },
        vouch: { failed: "current.json cannot be read" },
        ...{ token: { failed }, tokenNames: { failed }, apiServer: { failed } },
        ...{ callerIdentity: { failed }, selfSubjectReview: { failed }, accessReviews: { failed } },
      }),
    );

  it("is quoted", () => {
    assert.equal(
      unknownWords(report(CLOSED)),
      "The credential plugin did not return a token. The plugin printed: “error: /home/ada/.local/state/kubectl-vouch/current.json cannot be read: permission denied. [file-unreadable] Look at its owner and mode: 'ls -ld /home/ada/.local/state'”. The cause is not known.",
    );
  });

  it("is quoted in short", () => {
    assert.equal(report("x".repeat(5000)).unknown?.said?.length, 300);
  });

  it("may have said nothing", () => {
    assert.equal(
      unknownWords(report("\n")),
      "The credential plugin did not return a token. The cause is not known.",
    );
  });
});
