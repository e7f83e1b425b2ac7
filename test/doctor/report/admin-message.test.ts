import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { unknownWords } from "../../../doctor/report/words.ts";
import { healthyBundle, ROLE_ARN, unauthorized } from "../support/bundle.ts";
import { forbidden, mappingFault, mode, policies } from "../support/mapping-faults.ts";
import { reportOn } from "../support/report-case.ts";

const NOT_ALLOWED = { failed: "AccessDeniedException: not authorized" };

/** What somebody sees who may describe the cluster and nothing else. */
const BLIND: Partial<DoctorEvidence> = {
  accessEntries: NOT_ALLOWED,
  accessEntryDetails: NOT_ALLOWED,
  associatedPolicies: NOT_ALLOWED,
  role: NOT_ALLOWED,
  awsAuth: { failed: 'configmaps "aws-auth" is forbidden' },
  rbac: { failed: "clusterroles is forbidden" },
  namespaces: { failed: "namespaces is forbidden" },
};

describe("the message to the cluster admin", () => {
  it("says who was refused what, what is suspected, and what to run", () => {
    assert.equal(
      reportOn(unauthorized({ ...mode("API"), ...BLIND })).adminMessage,
      `I cannot work on EKS cluster lab (eu-west-1, account 111122223333). Can you help?
Tried: kubectl get pods -n web
Failed with: 401 Unauthorized
Identity: arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com
Possible causes, most likely first:
  1. Cluster lab does not have an access entry for ${ROLE_ARN}. [E1, M2]
     Check: \`aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}\` reports that the access entry does not exist.
  2. The access entry for ${ROLE_ARN} does not take effect: it was created for an earlier role Dev, is seconds old, keeps being recreated, or has a node type. [E3, E10, E6, E13]
     Check: \`aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}\` shows type and createdAt; \`aws iam get-role --role-name Dev\` shows CreateDate.
  3. The cached credentials are for an old role Dev that has since been deleted. [L12]
More about E1: https://github.com/kubectl-vouch/kubectl-vouch/blob/v0.0.0-source/doctor/CODES.md#e1
With kubectl-vouch and your permissions, this shows the exact cause and the fix:
  kubectl vouch doctor --principal ${ROLE_ARN} --for 'list pods -n web'
  kubectl vouch doctor --evidence case.json --complete
`,
    );
  });

  it("says that a request is allowed by now, instead of what may have been wrong", () => {
    const report = reportOn(
      forbidden(
        policies([
          {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope: { type: "namespace", namespaces: ["web"] },
            associatedAt: "2025-06-02T08:00:00Z",
            modifiedAt: "2026-01-15T11:59:00Z",
          },
        ]),
      ),
    );
    assert.deepEqual(
      [report.rootCauses, report.suspicions, report.unknown?.fetchNext, report.allowedBy],
      [[], [], [], ["AmazonEKSViewPolicy on namespace web"]],
    );
    assert.match(unknownWords(report), /^Now allowed by AmazonEKSViewPolicy on namespace web\. /);
  });

  it("quotes the refusal, and asks about that very request", () => {
    const message = reportOn(forbidden(BLIND)).adminMessage ?? "";
    assert.match(message, /^Failed with: Error from server \(Forbidden\): pods is forbidden: User "/m);
    assert.match(message, /--for 'list pods -n web'$/m);
  });

  it("is in the words of its sender", () => {
    const review = (namespace: string, allowed: boolean) => ({
      spec: { resourceAttributes: { verb: "list", resource: "pods", namespace } },
      status: { allowed },
    });
    const seen = forbidden({
      ...BLIND,
      associatedPolicies: NOT_ALLOWED,
      accessReviews: [review("web", false), review("default", true)],
    });
    const { adminMessage = "", rootCauses } = reportOn(seen);
    assert.equal(rootCauses[0]?.summary, "You can list pods in default but not in web.");
    assert.match(adminMessage, /^Cause \(possible\): I can list pods in default but not in web\. \[P1\]$/m);
    // What is only possible is to be checked before anything is granted for it.
    assert.match(adminMessage, /^Not the cause if: /m);
    assert.doesNotMatch(adminMessage, /^Fix: /m);
  });

  it("has the fix as commands, for an admin without kubectl-vouch", () => {
    const [cause] = reportOn(mappingFault("E3")).rootCauses;
    const message = reportOn(mappingFault("E3")).adminMessage ?? "";
    assert.ok(cause);
    const [fix] = cause.fixes;
    assert.deepEqual(
      fix?.commands.filter((command) => !message.includes(`\n  ${command}\n`)),
      [],
    );
    assert.ok((fix?.commands.length ?? 0) > 1);
  });

  it("is not written where all works, where one can mend it alone, or about somebody else", () => {
    const own = unauthorized({
      callerIdentity: { failed: "ExpiredToken: The security token included is expired" },
    });
    const other = unauthorized({ ...BLIND, question: { principal: `${ROLE_ARN}Other` } });
    for (const bundle of [healthyBundle(), own, other])
      assert.equal(reportOn(bundle).adminMessage, undefined);
  });

  it("names the file that the evidence is in", () => {
    const last = (caseFile?: string) =>
      reportOn(unauthorized({ ...mode("API"), ...BLIND }), { caseFile })
        .adminMessage?.trimEnd()
        .split("\n")
        .at(-1);
    assert.equal(last("lab 401.json"), "  kubectl vouch doctor --evidence 'lab 401.json' --complete");
    assert.equal(last(), "  kubectl vouch doctor --evidence case.json --complete");
    assert.equal(last("a\u202e.json"), last());
  });

  it("shows what would hide or break a line", () => {
    const attempt = { verb: "list", group: "", resource: "pods", namespace: "web\nTried: nothing\u202e" };
    const bundle = forbidden({ ...BLIND, question: { command: "get\npods\u202e", attempt } });
    const message = reportOn(bundle).adminMessage ?? "";
    assert.match(message, /^Tried: get\\u000apods\\u202e$/m);
    assert.doesNotMatch(message, /^Tried: nothing/m);
  });
});
