import assert from "node:assert/strict";
import path from "node:path";
import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { lendSession } from "../../lab/aws/signin/lend-session.ts";
import { addRole, CLUSTER_READS } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { folderState } from "../../support/folder-state.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { sessionOf } from "../../token/aws/identity-center/center-lab.ts";

const ARN = "arn:aws:sts::111122223333:assumed-role/Console/ada";

const CONFIG = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1

[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev

[profile console]
login_session = ${ARN}

[profile vouch]
credential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/VouchManagement

[profile spoke]
role_arn = arn:aws:iam::111122223333:role/VouchSpoke
source_profile = vouch
`;

const MINUTE = 60_000;

suiteOnPosix("lab", "kubectl vouch setup eks --dry-run by an AWS profile", () => {
  const desk = labDesk();
  const env = () => ({ AWS_ENDPOINT_URL: desk.lab.aws.url });
  /** How it ends, what it says, and what it asked that makes other tokens; fails where it has written anything. */
  async function dryRun(profile: string) {
    const before = folderState(desk.home);
    desk.lab.aws.clearCalls();
    const words = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--profile", profile];
    const { status, stderr } = await desk.run(["setup", "eks", ...words, "--dry-run"], { env: env() });
    assert.deepEqual(folderState(desk.home), before, stderr);
    const renewals = desk.lab.aws.calls.flatMap(({ operation }) =>
      ["CreateToken", "CreateOAuth2Token"].includes(operation) ? [operation] : [],
    );
    return { status, stderr, renewals };
  }

  describe("of Identity Center", () => {
    const logIn = (leftMs: number) => {
      const { world, clock } = desk.lab;
      addAssignment(world, { userName: "ada", permissionSet: "Dev", allows: [CLUSTER_READS] });
      const expiresAt = new Date(clock() + leftMs).toISOString();
      const token = { ...sessionOf(world.identityCenter, clock()), expiresAt };
      desk.write(path.join(".aws/sso/cache", ssoTokenFile("lab")), JSON.stringify(token));
    };
    beforeEach(() => desk.write(".aws/config", CONFIG));

    it("uses a token that lives, however near its end", async () => {
      logIn(2 * MINUTE);
      const { status, stderr, renewals } = await dryRun("dev");
      assert.deepEqual([status, renewals], [0, []], stderr);
      assert.match(stderr, /^Context lab-dev would be added: /m);
    });

    it("refreshes none that has ended, and says how to log in", async () => {
      logIn(-MINUTE);
      const { status, stderr, renewals } = await dryRun("dev");
      assert.deepEqual([status, renewals], [2, []]);
      assert.equal(
        stderr,
        "error: The IAM Identity Center (sso-session lab) token has expired and was not refreshed, because this command does not change files. [sso-session-expired]\nRun `kubectl vouch login --profile dev`.\n",
      );
    });
  });

  describe("of `aws login`", () => {
    const logIn = (leftMs: number) => {
      const { world, clock } = desk.lab;
      const role = addRole(world, { name: "Console", allows: [CLUSTER_READS] });
      const { file } = lendSession(world, { role, now: clock(), leftMs });
      desk.write(path.join(".aws/login/cache", loginTokenFile(ARN)), JSON.stringify(file));
    };
    beforeEach(() => desk.write(".aws/config", CONFIG));

    it("uses keys that live, however near their end", async () => {
      logIn(2 * MINUTE);
      const { status, stderr, renewals } = await dryRun("console");
      assert.deepEqual([status, renewals], [0, []], stderr);
    });

    it("gets no others for those that have ended, and says how to log in", async () => {
      logIn(-MINUTE);
      const { status, stderr, renewals } = await dryRun("console");
      assert.deepEqual([status, renewals], [2, []]);
      assert.match(
        stderr,
        /: you are not logged in as \S+: its keys have expired and were not renewed, because this command does not change files\. \[aws-login-needed\]\nLog in: `aws login --profile console`\n$/,
      );
    });
  });

  it("keeps nothing of a role of Vouch's that another is assumed with", async () => {
    desk.logIn();
    desk.write(".aws/config", CONFIG);
    const { status, stderr } = await dryRun("spoke");
    assert.equal(status, 0, stderr);
  });
});
