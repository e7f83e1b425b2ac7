import assert from "node:assert/strict";
import { withShortArns } from "../../../doctor/report/short-arns.ts";
import { mappingFault } from "../support/mapping-faults.ts";
import { reportOn } from "../support/report-case.ts";

const REPORT = reportOn(mappingFault("E3"));
const ROLE = "arn:aws:iam::111122223333:role/Dev";

function summaryOf(summary: string): string | undefined {
  const [cause] = REPORT.rootCauses;
  assert.ok(cause);
  return withShortArns({ ...REPORT, rootCauses: [{ ...cause, summary }] }).rootCauses[0]?.summary;
}

describe("ARNs in the sentences of a report", () => {
  const CASES: Readonly<Record<string, string>> = {
    [`The entry of ${ROLE} in lab is older.`]: "The entry of role Dev in lab is older.",
    [`${ROLE} has no access entry.`]: "Role Dev has no access entry.",
    "It is arn:aws:iam::111122223333:user/team/ada, not another.": "It is user team/ada, not another.",
    "AWS sees arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com.":
      "AWS sees session Dev/ada@example.com.",
  };
  for (const [sentence, short] of Object.entries(CASES))
    it(`become "${short}"`, () => assert.equal(summaryOf(sentence), short));

  for (const kept of [
    `The user is "arn:aws:sts::111122223333:assumed-role/Dev/ada".`,
    `Run \`aws eks describe-access-entry --principal-arn ${ROLE}\`.`,
    `${ROLE} is not arn:aws:iam::444455556666:role/Dev.`,
    "The cluster is arn:aws:eks:eu-west-1:111122223333:cluster/lab.",
  ])
    it(`stay whole in: ${kept}`, () => assert.equal(summaryOf(kept), kept));

  it("stay whole in commands and in the message to an admin", () => {
    const { rootCauses, adminMessage } = withShortArns(REPORT);
    assert.deepEqual(rootCauses[0]?.fixes, REPORT.rootCauses[0]?.fixes);
    assert.equal(adminMessage, REPORT.adminMessage);
  });
});
