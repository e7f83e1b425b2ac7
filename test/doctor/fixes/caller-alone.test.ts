import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { roleFixes } from "../../../doctor/fixes/grant-fixes.ts";
import { callerAlone } from "../../../doctor/fixes/group-fix.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS, refused, setGroups } from "../support/authorization-faults.ts";
import { line, NODE_LINE, READ } from "../support/aws-auth-faults.ts";
import { ACCOUNT, entry, ROLE_ARN } from "../support/bundle.ts";
import { mode } from "../support/mapping-faults.ts";

const alone = (bundle: DoctorEvidence) => {
  const found = callerAlone(deriveFacts(bundle));
  return found && [found.subject, found.puts.flatMap((fix) => renderFix(fix, { shell: "bash" }).commands)];
};

/** A caller whose program named the session after the moment. */
const ROBOT = {
  callerIdentity: {
    UserId: "AROAEXAMPLEEXAMPLE123:botocore-session-1699999999",
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/botocore-session-1699999999`,
  },
};

describe("callerAlone", () => {
  it("is the user where the name lasts", () => {
    const named = refused({ attempt: LIST_PODS, user: "ada", ...entry({ username: "ada" }) });
    assert.deepEqual(alone(named), [{ kind: "User", name: "ada" }, []]);
  });

  it("is a new group of the caller's own where the name is the session's", () => {
    assert.deepEqual(alone(AUTHORIZATION_FAULTS.R1), [
      { kind: "Group", name: "vouch-dev" },
      [setGroups("developers", "vouch-dev")],
    ]);
    const user = ROBOT.callerIdentity.Arn;
    const robot = refused({ attempt: LIST_PODS, user, groups: ["vouch-dev"], changes: ROBOT });
    assert.deepEqual(alone(robot)?.[0], { kind: "Group", name: "vouch-dev-2" });
  });

  it("is nobody whom the caller pretends to be, and no name of Kubernetes' own", () => {
    assert.equal(alone(AUTHORIZATION_FAULTS.P7), undefined);
    assert.equal(alone(refused({ attempt: LIST_PODS, user: "system:serviceaccount:web:shop" })), undefined);
  });
});

describe("roleFixes", () => {
  it("grants to a group of the caller's own before a group of others, and never to a session", () => {
    const user = "Dev:botocore-session-1699999999";
    const bundle: DoctorEvidence = {
      ...refused({ attempt: LIST_PODS, user, groups: ["developers"], changes: ROBOT }),
      ...mode("CONFIG_MAP"),
      accessEntries: { accessEntries: [] },
      accessEntryDetails: [],
      awsAuth: { data: { mapRoles: NODE_LINE + line(ROLE_ARN) }, metadata: READ },
    };
    const fixes = roleFixes(deriveFacts(bundle), LIST_PODS).map((fix) => renderFix(fix, { shell: "bash" }));
    assert.deepEqual(
      fixes.map(({ text = "" }) => /subjects:[\s\S]*?kind: (\w+)[\s\S]*?name: (\S+)/.exec(text)?.slice(1)),
      [
        ["Group", "vouch-dev"],
        ["Group", "developers"],
      ],
    );
    assert.match(fixes[0]?.commands.join("\n") ?? "", /kubectl patch configmap aws-auth .*vouch-dev/s);
    assert.ok(!JSON.stringify(fixes).includes("botocore"));
  });
});
