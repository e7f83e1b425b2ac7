import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import type { Fix } from "../../../doctor/fixes/fix.ts";
import { describeOthersIn } from "../../../doctor/fixes/group-fix.ts";
import { LIST_PODS, refused } from "../support/authorization-faults.ts";
import { line, NODE_LINE, READ } from "../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { awsAuthWith, mode, NO_ENTRY } from "../support/mapping-faults.ts";
import { saidOf } from "../support/printed-commands.ts";
import { fixesOf } from "../support/test-rule.ts";

const OPS = `arn:aws:iam::${ACCOUNT}:role/Ops`;

const others = (bundle: DoctorEvidence) => describeOthersIn(deriveFacts(bundle), "developers");

/** The healthy bundle, in which these entries are all there are. */
function entries(...arns: readonly string[]): DoctorEvidence {
  const details = arns.map((principalArn) => ({
    accessEntry: { principalArn, kubernetesGroups: ["developers"] },
  }));
  return healthyBundle({ accessEntries: { accessEntries: [...arns] }, accessEntryDetails: details });
}

describe("describeOthersIn", () => {
  it("names the other entries and lines that have the group, and not the caller's own", () => {
    assert.equal(others(entries(ROLE_ARN, OPS)), "role Ops gets it too");
    const both = {
      ...entries(ROLE_ARN, OPS),
      ...awsAuthWith(`arn:aws:iam::${ACCOUNT}:user/bob`, ["developers"]),
    };
    assert.equal(others(both), "role Ops and user bob get it too");
    assert.equal(others(entries(ROLE_ARN)), "no other access entry or aws-auth mapping has this group");
  });

  it("says that there may be more where not every entry, nor aws-auth, is known", () => {
    const some = { ...entries(ROLE_ARN, OPS), accessEntries: { accessEntries: [ROLE_ARN, OPS, `${OPS}2`] } };
    assert.equal(others(some), "role Ops and any other members of the group get it too");
    assert.equal(
      others({ ...entries(ROLE_ARN), awsAuth: { failed: "no" } }),
      "any other members of the group get it too",
    );
  });
});

describe("a fix that gives a right to a group that others are in", () => {
  /** The groups that a fix binds. */
  const boundBy = ({ actions = [] }: Fix) =>
    actions.flatMap((action) =>
      action.kind === "create-binding" && action.subject.kind === "Group" ? [action.subject.name] : [],
    );

  it("comes after one that gives it to the caller alone, and says who else gets it", () => {
    let seen = 0;
    for (const { row, bundle } of FAULTS) {
      const { facts, diagnosis } = saidOf(bundle);
      const shared = facts.authorization?.groups ?? [];
      for (const { fixes } of diagnosis.rootCauses) {
        for (const [index, fix] of fixes.entries()) {
          if (!boundBy(fix).some((group) => shared.includes(group))) continue;
          seen += 1;
          assert.ok(index > 0, row);
          assert.match(String(fix.description), / it too\.$| has it\.$/, row);
        }
      }
    }
    assert.ok(seen >= 4);
  });

  it("is, for somebody in aws-auth whose name is a session's, a group of their own first", () => {
    const [bind, put, wide] = fixesOf("authorization/rbac-group-unbound", ofAwsAuth("Dev:{{SessionName}}"));
    assert.deepEqual(bind?.commands, [
      "kubectl create rolebinding vouch-view -n web --clusterrole=view --group=vouch-dev",
    ]);
    assert.match(put?.commands.join() ?? "", /kubectl patch configmap aws-auth .*vouch-dev/s);
    assert.deepEqual(wide?.commands, [
      "kubectl create rolebinding vouch-view -n web --clusterrole=view --group=developers",
    ]);
    assert.match(
      wide?.description ?? "",
      /^Or grant .*; role Ops and any other members of the group get it too\.$/,
    );
  });

  it("is, for somebody in aws-auth whose name lasts, a binding of their user name first", () => {
    const [alone, wide] = fixesOf("authorization/rbac-group-unbound", ofAwsAuth("dev"));
    assert.deepEqual(alone?.commands, [
      "kubectl create rolebinding vouch-view -n web --clusterrole=view --user=dev",
    ]);
    assert.match(wide?.description ?? "", /^Or grant /);
  });
});

/** A developer by aws-auth, in a group that is not bound, and that others are in. */
function ofAwsAuth(username: string): DoctorEvidence {
  const dev = username.replace("{{SessionName}}", "ada-example.com");
  return {
    ...refused({ attempt: LIST_PODS, user: dev, groups: ["developers"] }),
    ...mode("CONFIG_MAP"),
    ...NO_ENTRY,
    ...awsAuthOf(line(ROLE_ARN, "[developers]", `"${username}"`) + line(OPS)),
    selfSubjectReview: { status: { userInfo: { username: dev, groups: ["developers"] } } },
  };
}

function awsAuthOf(lines: string): Pick<DoctorEvidence, "awsAuth"> {
  return { awsAuth: { data: { mapRoles: NODE_LINE + lines }, metadata: READ } };
}
