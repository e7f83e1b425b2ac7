import assert from "node:assert/strict";
import type { DoctorEvidence, Question } from "../../../doctor/evidence/evidence.ts";
import { shortReport } from "../../../doctor/report/overview.ts";
import { textReport } from "../../../doctor/report/text.ts";
import { doctorExit } from "../../../plugin/commands/doctor/flags.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, USERNAME } from "../support/bundle.ts";
import { reportOn } from "../support/report-case.ts";

const GRACE = `arn:aws:sts::${ACCOUNT}:assumed-role/VouchAdministrator/grace`;
const ADA = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`;
const LIST_PODS = { verb: "list", group: "", resource: "pods", namespace: "web" };

/** What an administrator gathers when she asks about somebody else: her own identity, token and answers. */
function asked(question: Question, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    question,
    callerIdentity: { UserId: "AROAEXAMPLEEXAMPLE999:grace", Account: ACCOUNT, Arn: GRACE },
    token: { host: "sts.eu-west-1.amazonaws.com", endsAt: "2026-01-15T12:14:00Z" },
    selfSubjectReview: {
      status: { userInfo: { username: GRACE, groups: ["system:masters", "system:authenticated"] } },
    },
    ...changes,
  });
}

function said(bundle: DoctorEvidence): string {
  return textReport(reportOn(bundle), { width: 200, color: false, unicode: true, verbose: true });
}

describe("the report about somebody else", () => {
  const questions: Readonly<Record<string, Question>> = {
    "what they may": { principal: ADA, attempt: LIST_PODS },
    "what they may not": { principal: ADA, attempt: { ...LIST_PODS, verb: "delete" } },
    "somebody whom the cluster does not know": { principal: `${ROLE_ARN}Other`, attempt: LIST_PODS },
    "no call": { principal: ADA },
    "their refusal": {
      principal: ADA,
      attempt: LIST_PODS,
      stderr: `Error from server (Forbidden): pods is forbidden: User "${USERNAME}" cannot list resource "pods" in API group "" in the namespace "web"`,
    },
  };
  for (const [what, question] of Object.entries(questions)) {
    it(`has nothing of who asks, about ${what}`, () => {
      const bundle = asked(question);
      const report = reportOn(bundle);
      assert.doesNotMatch(JSON.stringify(report), /grace|VouchAdministrator|system:masters/);
      assert.doesNotMatch(said(bundle), /grace|VouchAdministrator|system:masters|Token expires/);
      assert.equal(report.identity.tokenEnds, undefined);
      assert.equal(report.identity.arn, question.principal);
    });
  }

  it("has the user and the groups that the cluster makes of them", () => {
    const { identity } = reportOn(asked({ principal: ADA, attempt: LIST_PODS }));
    assert.deepEqual([identity.username, identity.groups], [USERNAME, []]);
    const other = reportOn(asked({ principal: `${ROLE_ARN}Other`, attempt: LIST_PODS })).identity;
    assert.deepEqual([other.username, other.groups], [undefined, undefined]);
  });
});

describe("a request that somebody else may make", () => {
  it("is said to be allowed, and by what", () => {
    const bundle = asked({ principal: ADA, attempt: LIST_PODS });
    const report = reportOn(bundle);
    assert.deepEqual(report.allowedBy, ["AmazonEKSViewPolicy on namespaces web, team-*"]);
    assert.deepEqual([report.healthy, report.unknown, report.rootCauses], [true, undefined, []]);
    assert.equal(doctorExit([report], "error"), 0);
    assert.match(
      said(bundle),
      /✓ Allowed by AmazonEKSViewPolicy on namespaces web, team-\*: list pods in namespace web, as arn:aws:sts::111122223333:assumed-role\/Dev\/ada-example\.com\.\n/,
    );
    assert.equal(
      shortReport(report),
      `lab: allowed by AmazonEKSViewPolicy on namespaces web, team-* (${USERNAME})\n`,
    );
    assert.deepEqual(
      report.chain.filter(({ state }) => state === "proved").map(({ stage }) => stage),
      ["mode", "mapping", "authorization"],
    );
  });

  it("is so for a role without a session", () => {
    const role = reportOn(asked({ principal: ROLE_ARN, attempt: LIST_PODS }));
    assert.deepEqual(
      [role.healthy, role.allowedBy],
      [true, ["AmazonEKSViewPolicy on namespaces web, team-*"]],
    );
  });

  it("is not said to be allowed where it is not, where it failed, or where nobody knows", () => {
    const cases: readonly DoctorEvidence[] = [
      asked({ principal: ADA, attempt: { ...LIST_PODS, verb: "delete" } }),
      asked({
        principal: ADA,
        attempt: LIST_PODS,
        stderr: "error: You must be logged in to the server (Unauthorized)",
      }),
      asked({ principal: ADA, attempt: LIST_PODS }, { associatedPolicies: { failed: "AccessDenied" } }),
      asked(
        { principal: ADA, attempt: LIST_PODS },
        { accessEntries: { failed: "AccessDenied" }, accessEntryDetails: { failed: "AccessDenied" } },
      ),
      asked({ principal: ADA }),
    ];
    for (const bundle of cases) {
      const report = reportOn(bundle);
      assert.deepEqual([report.healthy, report.allowedBy], [false, undefined]);
      assert.equal(doctorExit([report], "error"), 79);
    }
  });

  it("is not what is said of one's own call", () => {
    const own = reportOn(healthyBundle());
    assert.deepEqual([own.healthy, own.allowedBy], [true, undefined]);
  });
});
