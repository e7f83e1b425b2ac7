import assert from "node:assert/strict";
import { EXAMPLES } from "../../../doctor/browser/examples.ts";
import { pageAnswer } from "../support/page-answer.ts";

/** What the page says of each example. */
const VERDICTS: Readonly<Record<string, RegExp>> = {
  unauthorized: /^Unauthorized: /,
  forbidden: /^Forbidden: /,
  terraform: /^The Terraform provider has .*localhost.* \((?:likely|certain)\)$/,
  sso: /IAM Identity Center session.* \((?:likely|certain)\)$/,
  host: /^The API server could not be reached/,
  x509: /^The API server could not be reached/,
  "aws-auth": /aws-auth.* \((?:likely|certain)\)$/,
  entry: /access entry.* \((?:likely|certain)\)$/,
};

describe("the page's examples", () => {
  it("are eight, with names that an address can have", () => {
    assert.deepEqual(
      EXAMPLES.map(({ id }) => id),
      Object.keys(VERDICTS),
    );
    for (const { id } of EXAMPLES) assert.match(id, /^[a-z0-9-]+$/);
  });

  for (const { id, text } of EXAMPLES)
    it(`show what the page can say: ${id}`, () => {
      const judged = pageAnswer([{ text }]);
      assert.equal(judged.kind, "judged");
      if (judged.kind !== "judged") return;
      assert.match(judged.status.replace("Diagnosis: ", ""), VERDICTS[id] ?? assert.fail(id));
      assert.deepEqual(
        judged.taken.filter(({ isUsed }) => !isUsed),
        [],
        "nothing is left out",
      );
      const shown = JSON.stringify(judged.report);
      assert.match(shown, /(?:Commands|Text) of the fix|What to run next/, "there is something to copy");
    });

  it("have invented names alone", () => {
    for (const { text } of EXAMPLES)
      for (const [account] of text.matchAll(/(?<!\d)\d{12}(?!\d)/g)) assert.equal(account, "111122223333");
  });
});
