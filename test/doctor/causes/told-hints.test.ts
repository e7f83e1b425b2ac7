import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { type NamedSuspicion, rankSuspicions } from "../../../doctor/causes/rank-suspicions.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { sentenceText } from "../../../token/command/sentence.ts";
import { REFUSED_TO_DEVELOPERS, seenBy } from "../../support/few-rights.ts";
import { LIST_PODS, refused } from "../support/authorization-faults.ts";
import { ROLE_ARN, unauthorized } from "../support/bundle.ts";
import { HOST, network, noAnswer } from "../support/network-faults.ts";

/** What somebody with a developer's rights is told it may be, by its first row. */
function suspicionOf(row: string, bundle: DoctorEvidence): NamedSuspicion | undefined {
  const facts = deriveFacts(seenBy(bundle, REFUSED_TO_DEVELOPERS));
  return rankSuspicions(diagnose(RULES, facts), facts).find(({ causes }) =>
    causes.some((cause) => cause === row),
  );
}

const BEN = "arn:aws:sts::111122223333:assumed-role/Admin/ben";
const CREATE = `aws eks create-access-entry --cluster-name lab --principal-arn ${ROLE_ARN}`;
const IN_USE = "The specified access entry resource is already in use on this cluster.";

describe("what people tell besides points at", () => {
  it("a missing entry, where another identity gets in", () => {
    const way = { differs: "Ben", exitCode: 0, callerIdentity: { Arn: BEN } };
    const found = suspicionOf("E1", unauthorized({ otherObservations: [way] }));
    assert.equal(found?.hinted, true);
    assert.equal(found?.hints.at(-1), `It works another way: Ben, as ${BEN}.`);
    assert.equal(suspicionOf("E1", unauthorized())?.hinted, false);
    const unnamed = suspicionOf("E1", unauthorized({ otherObservations: [{ differs: "Ben", exitCode: 0 }] }));
    assert.equal(unnamed?.hinted, false);
  });

  it("no missing entry, where the same identity gets in", () => {
    const way = { differs: "in WSL", exitCode: 0, callerIdentity: { Arn: ROLE_ARN } };
    assert.equal(
      suspicionOf("E1", unauthorized({ otherObservations: [{ ...way, context: "lab" }] })),
      undefined,
    );
    assert.equal(suspicionOf("E1", unauthorized({ otherObservations: [way] }))?.hinted, false);
  });

  it("an entry that does not count, where creating it was refused", () => {
    const tried = (command: string, stderr: string) =>
      suspicionOf("E3", unauthorized({ fixAttempts: [{ command, exitCode: 254, stderr }] }));
    const found = tried(CREATE, IN_USE);
    assert.equal(found?.hinted, true);
    assert.deepEqual(found?.hints, ["Creating an access entry for it failed: one already exists."]);
    assert.equal(tried(CREATE.replace("Dev", "Ops"), IN_USE)?.hinted, false);
    assert.equal(tried(CREATE.replace("lab", "prod"), IN_USE)?.hinted, false);
    assert.equal(tried(CREATE, "AccessDeniedException")?.hinted, false);
  });

  it("a role that is not there, where the API server says so", () => {
    const denied = (kind: string) =>
      suspicionOf(
        "R5",
        refused({
          attempt: LIST_PODS,
          words: `Error from server (Forbidden): %: RBAC: ${kind}.rbac.authorization.k8s.io "pods" not found\n`,
        }),
      );
    const found = denied("role");
    assert.equal(found?.summary, "A binding grants the caller role pods, which does not exist.");
    assert.deepEqual(found?.hints, [
      'The API server reports “RBAC: role.rbac.authorization.k8s.io "pods" not found”.',
    ]);
    assert.equal(
      sentenceText(found?.confirmedBy ?? "", "bash"),
      "`kubectl get role pods -n web` does not find it.",
    );
    assert.equal(
      sentenceText(denied("clusterrole")?.confirmedBy ?? "", "bash"),
      "`kubectl get clusterrole pods` does not find it.",
    );
    assert.equal(suspicionOf("R5", refused({ attempt: LIST_PODS })), undefined);
  });

  it("no empty entry and no other scope, where something is allowed in the same namespace", () => {
    const review = (verb: string, allowed: boolean) => ({
      spec: { resourceAttributes: { ...LIST_PODS, verb } },
      status: { allowed },
    });
    const bundle = (isSomethingAllowed: boolean) =>
      refused({
        attempt: LIST_PODS,
        changes: { accessReviews: [review("list", false), review("get", isSomethingAllowed)] },
      });
    for (const row of ["E5", "P1"]) {
      assert.notEqual(suspicionOf(row, bundle(false)), undefined, row);
      assert.equal(suspicionOf(row, bundle(true)), undefined, row);
    }
  });

  it("DNS of the VPC, where the resolver does not answer", () => {
    const silent = noAnswer(`dial tcp: lookup ${HOST}: Temporary failure in name resolution`, {
      ...network({ dnsError: "EAI_AGAIN" }),
    });
    const found = suspicionOf("N5", silent);
    assert.equal(found?.hinted, true);
    assert.match(found?.summary ?? "", /^This machine's DNS resolver does not respond/);
    assert.match(
      sentenceText(found?.confirmedBy ?? "", "bash"),
      /--vpc-id vpc-0123456789abcdef0 --attribute enableDnsSupport/,
    );
  });
});
