import assert from "node:assert/strict";
import { LAB_PIN, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const SPOKE = "arn:aws:iam::111122223333:role/VouchSpoke";
const MANAGEMENT = "arn:aws:iam::111122223333:role/VouchManagement";

suiteOnPosix("lab", "kubectl vouch credential aws", () => {
  const desk = labDesk();
  const credential = async (flags: string[], env: Record<string, string | undefined> = {}) =>
    desk.run(["credential", "aws", ...flags], { env, answersSecret: true });
  const exchanges = () =>
    desk.lab.aws.calls.filter(({ operation }) => operation.startsWith("AssumeRole")).length;

  beforeEach(() => {
    desk.logIn();
    desk.lab.aws.clearCalls();
  });

  it("prints the five keys that AWS documents, and nothing else", async () => {
    const { status, stdout, stderr } = await credential(["--role", LAB_ROLE]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const body = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual(Object.keys(body).sort(), [
      "AccessKeyId",
      "Expiration",
      "SecretAccessKey",
      "SessionToken",
      "Version",
    ]);
    const session = desk.lab.world.sessions.get(body["AccessKeyId"] ?? "");
    assert.deepEqual(
      { ...body },
      {
        Version: 1,
        AccessKeyId: session?.accessKeyId,
        SecretAccessKey: session?.secretAccessKey,
        SessionToken: session?.sessionToken,
        Expiration: `${session?.expires.toISOString().slice(0, 19)}Z`,
      },
    );
    assert.equal(session?.roleArn, LAB_ROLE);
  });

  it("answers from the cache, until fewer than 16 minutes are left", async () => {
    const first = await credential(["--role", LAB_ROLE]);
    desk.advance(43 * 60_000);
    assert.equal((await credential(["--role", LAB_ROLE])).stdout, first.stdout);
    assert.equal(exchanges(), 1);
    desk.advance(2 * 60_000);
    assert.notEqual((await credential(["--role", LAB_ROLE])).stdout, first.stdout);
    assert.equal(exchanges(), 2);
  });

  it("passes through the roles of --via", async () => {
    const { status, stdout } = await credential(["--role", SPOKE, "--via", MANAGEMENT]);
    assert.equal(status, 0);
    const { AccessKeyId } = JSON.parse(stdout) as { AccessKeyId: string };
    assert.equal(desk.lab.world.sessions.get(AccessKeyId)?.roleArn, SPOKE);
    assert.equal(exchanges(), 2);
  });

  it("takes the role of the only profile there is, of AWS_PROFILE, of --profile", async () => {
    await desk.run(["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION]);
    const roleOf = async (flags: string[], env = {}) => {
      const { stdout, stderr } = await credential(flags, { VOUCH_SERVER: undefined, ...env });
      const { AccessKeyId = "" } = JSON.parse(stdout || "{}") as { AccessKeyId?: string };
      return desk.lab.world.sessions.get(AccessKeyId)?.roleArn ?? stderr;
    };
    assert.equal(await roleOf([]), LAB_ROLE);

    await desk.run(["setup", "aws", "--role", SPOKE, "--via", MANAGEMENT]);
    assert.match(
      await roleOf([]),
      /^error: Several profiles in \S+ get their credentials from Vouch: vouch \(\S+VouchDeveloper\), vouch-2 \(\S+VouchSpoke\)\. \[role-ambiguous\]\nSpecify one with --profile/,
    );
    assert.equal(await roleOf([], { AWS_PROFILE: "vouch-2" }), SPOKE);
    assert.equal(await roleOf(["--profile", "vouch"], { AWS_PROFILE: "vouch-2" }), LAB_ROLE);
  });

  const failures: Record<string, [string[], number, string]> = {
    "no profile is there": [[], 6, "aws-not-configured"],
    "the named profile does not exist": [["--profile", "nobody"], 6, "profile-missing"],
    "the role is none": [["--role", "Dev"], 6, "role-arn-invalid"],
    "the role does not trust the server": [["--role", SPOKE], 5, "role-not-trusted"],
    "nobody of that name is logged in": [["--role", LAB_ROLE, "--account", "x@example.com"], 2, "logged-out"],
  };
  for (const [what, [flags, expected, code]] of Object.entries(failures)) {
    it(`keeps stdout empty and ends with ${expected} when ${what}`, async () => {
      const { status, stdout, stderr } = await credential(flags);
      assert.deepEqual({ status, stdout }, { status: expected, stdout: "" });
      assert.match(stderr, new RegExp(`^error: [^\n]+ \\[${code}\\]\n[^\n]+\n$`));
    });
  }

  it("says that the session is over", async () => {
    desk.advance(9 * 3600_000);
    const { status, stdout, stderr } = await credential(["--role", LAB_ROLE]);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    assert.match(
      stderr,
      /^error: The session of ada@example\.com at \S+ ended at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC[\d:+-]*\. \[session-expired\]\n/,
    );
  });

  it("says that the server ended the session", async () => {
    await desk.run(["login", "--force", "--pin-stdin", "--key-store", "file"], {
      stdin: LAB_PIN,
      terminal: "none",
    });
    desk.lab.vouch.revokeSessions();
    const { status, stdout, stderr } = await credential(["--role", LAB_ROLE]);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    assert.match(stderr, /\[session-refused\]\n/);
  });
});
