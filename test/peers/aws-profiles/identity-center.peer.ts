/**
 * Sessions of IAM Identity Center, shared with the real AWS CLI 1 and 2 and the SDK for JavaScript: each reads, refreshes and
 * ends what another began, in one file, against the lab's stand-in under AWS's own names.
 *
 * Needs both CLIs on PATH. No network but loopback: a proxy leads AWS's names to the stand-in.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { BearerAccess } from "../../../token/aws/bearer-call.ts";
import { ssoAccessToken } from "../../../token/aws/identity-center/access-token.ts";
import { ssoRoleCredentials } from "../../../token/aws/identity-center/portal-calls.ts";
import { beginBrowserLogin, beginDeviceLogin } from "../../../token/aws/identity-center/sign-in.ts";
import { signOut } from "../../../token/aws/identity-center/sign-out.ts";
import type { SsoPlan } from "../../../token/aws/sources/plan-kinds.ts";
import { readSharedFiles } from "../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { answerDevice } from "../../lab/aws/identity-center.ts";
import type { AwsCli } from "../aws-cli/programs.ts";
import { type SignInLab, startSignInLab } from "../aws-cli/sign-in-lab.ts";

const SDK = path.join(import.meta.dirname, "aws-sdk", "main.ts");
const ADA = { userName: "ada" };
const WISH = { scopes: [], fresh: false };
const PAST = "2026-01-15T12:00:00Z";
const ROUNDS = 4;

describe("a session of Identity Center, shared with AWS's tools", () => {
  let lab: SignInLab;
  let one: AwsCli;
  let two: AwsCli;
  before(async () => {
    lab = await startSignInLab();
    [one, two] = [await lab.cli(1), await lab.cli(2)];
  });
  after(() => lab.close());
  beforeEach(() => {
    fs.rmSync(path.join(lab.aws, "sso"), { recursive: true, force: true });
    lab.standIn.world.identityCenter.sessions.length = 0;
  });

  const access = (): BearerAccess => ({
    env: { HTTPS_PROXY: lab.proxy.url },
    homeDir: lab.home,
    clock: lab.clock,
    signal: new AbortController().signal,
    keep: true,
    warn: (text) => assert.fail(text),
    endpoints: { awsCaBundle: lab.caFile },
  });
  function planFor(profile: string): SsoPlan {
    const file = (name: string) => path.join(lab.aws, name);
    const config = { path: file("config"), text: fs.readFileSync(file("config"), "utf8") };
    const files = readSharedFiles(config, { path: file("credentials"), text: undefined });
    const plan = planOf({ profile, region: "us-east-1" }, files, {});
    return plan.kind === "sso" ? plan : assert.fail(plan.kind);
  }
  const read = (session = "lab") => JSON.parse(fs.readFileSync(lab.tokenFile(session), "utf8"));
  const ours = async (profile = "dev") => ssoAccessToken(planFor(profile), access());
  const arn = () => `arn:aws:sts::111122223333:assumed-role/${lab.role}/ada`;

  async function logInOurselves(profile = "dev"): Promise<void> {
    lab.standIn.world.identityCenter.person = ADA;
    const login = await beginBrowserLogin(planFor(profile), WISH, access());
    const done = login.complete();
    const address = new URL(login.address);
    assert.equal(address.host, "oidc.us-east-1.amazonaws.com");
    const shown = lab.visit(address).then((location = "") => fetch(location));
    await done;
    await login.close();
    assert.equal((await shown).status, 200);
  }
  async function logInWithCli(profile = "dev"): Promise<void> {
    const done = lab.run([two.program, "sso", "login", "--no-browser", "--profile", profile]);
    await lab.answerNext(ADA);
    assert.equal((await done).status, 0);
  }
  async function callerOfCli(cli: AwsCli, profile = "dev") {
    fs.rmSync(path.join(lab.aws, "cli"), { recursive: true, force: true });
    return lab.run([cli.program, "sts", "get-caller-identity", "--profile", profile, "--output", "json"]);
  }
  async function requireCli(cli: AwsCli, profile = "dev"): Promise<void> {
    const { stdout, stderr } = await callerOfCli(cli, profile);
    assert.equal(JSON.parse(stdout || assert.fail(stderr)).Arn, arn());
  }
  async function requireSdk(): Promise<void> {
    const env = {
      ...{ HTTPS_PROXY: "", NODE_EXTRA_CA_CERTS: lab.caFile, AWS_REGION: "us-east-1" },
      AWS_ENDPOINT_URL: lab.standIn.url,
    };
    const { stdout, stderr } = await lab.run([process.execPath, SDK, "sso", "dev"], env);
    assert.match(JSON.parse(stdout || assert.fail(stderr)).accessKeyId, /^ASIA/);
  }
  async function requireOurs(profile = "dev"): Promise<void> {
    const { accessToken } = await ours(profile);
    const { accessKeyId } = await ssoRoleCredentials(planFor(profile), accessToken, access());
    assert.match(accessKeyId, /^ASIA/);
  }

  it("that we began serves both CLIs and the SDK, and each refreshes it for the others", async () => {
    await logInOurselves();
    for (const use of [
      () => requireCli(one),
      () => requireCli(two),
      () => requireSdk(),
      () => requireOurs(),
    ]) {
      await use();
      const before = read();
      lab.editToken("lab", { expiresAt: PAST });
      await use();
      const after = read();
      assert.notEqual(after.accessToken, before.accessToken);
      assert.notEqual(after.refreshToken, before.refreshToken);
      for (const name of ["clientId", "clientSecret", "registrationExpiresAt", "startUrl", "region"])
        assert.equal(after[name], before[name], name);
    }
    await requireOurs();
    assert.equal(lab.standIn.world.identityCenter.sessions.length, 1);
  });

  it("that AWS CLI 2 began serves us, and the CLIs after our refresh", async () => {
    await logInWithCli();
    await requireOurs();
    lab.editToken("lab", { expiresAt: PAST });
    const before = read();
    await requireOurs();
    assert.notEqual(read().accessToken, before.accessToken);
    for (const cli of [one, two]) await requireCli(cli);
    await requireSdk();
  });

  it("of the old form serves whoever did not begin it", async () => {
    await logInOurselves("old");
    for (const cli of [one, two]) await requireCli(cli, "old");
    await logInWithCli("old");
    await requireOurs("old");
    lab.editToken("https://lab.awsapps.com/start", { expiresAt: PAST });
    await assert.rejects(ours("old"), { code: "sso-session-expired" });
  });

  it("that we began by a code serves both CLIs", async () => {
    const login = await beginDeviceLogin(planFor("dev"), WISH, access());
    answerDevice(lab.standIn.world.identityCenter, login.pending.userCode, ADA);
    await login.complete();
    for (const cli of [one, two]) await requireCli(cli);
    lab.editToken("lab", { expiresAt: PAST });
    await requireCli(two);
    await requireOurs();
  });

  it("is over for all when one of us ends it", async () => {
    await logInOurselves();
    const { status } = await lab.run([two.program, "sso", "logout"]);
    assert.equal(status, 0);
    assert.deepEqual(lab.standIn.world.identityCenter.sessions, []);
    await assert.rejects(ours(), { code: "sso-logged-out" });
    await logInWithCli();
    assert.deepEqual(await signOut(planFor("dev"), access()), { status: "logged-out" });
    assert.deepEqual(lab.standIn.world.identityCenter.sessions, []);
    assert.match((await callerOfCli(two)).stderr, /Token for lab does not exist/);
  });

  it("is not lost by us when AWS CLI 2, which knows no lock, is just refreshing it", async () => {
    await logInOurselves();
    const { faults, calls } = lab.standIn;
    let theirsCame: Promise<unknown> | undefined;
    faults.takeover = ({ url, headers }) => {
      // Both show the same refresh token: theirs is here first, and what comes of it is not in the file yet.
      if (url === "/token" && /aws-cli/i.test(String(headers["user-agent"]))) theirsCame ??= ours();
      return false;
    };
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        lab.editToken("lab", { expiresAt: PAST });
        theirsCame = undefined;
        // Whether the CLI, which does not look again, comes too late itself is its own affair.
        await callerOfCli(two);
        await (theirsCame ?? assert.fail("the CLI did not refresh"));
        await requireOurs();
        await requireCli(two);
      }
    } finally {
      faults.takeover = undefined;
    }
    const refused = calls.filter(({ error }) => error === "InvalidGrantException");
    assert.ok(refused.length > 0, "we never came too late, so nothing was tried");
  });
});
