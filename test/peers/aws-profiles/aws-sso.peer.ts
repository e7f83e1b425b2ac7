/**
 * The stand-ins for IAM Identity Center, judged by the real AWS CLI 1 and 2 and by the service models of botocore: people log
 * in by device code, tokens are refreshed, roles are given out, and everybody reads refusals as they read AWS's.
 *
 * Needs both CLIs on PATH. No network but loopback: a proxy leads AWS's names to the stand-in.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { SSO } from "../../lab/aws/sso/service.ts";
import { SSO_OIDC } from "../../lab/aws/sso-oidc/service.ts";
import { CODE_CLIENT, pkce, REDIRECT } from "../../lab-tests/aws/sign-in.ts";
import type { CommandResult } from "../../support/run-command.ts";
import type { AwsCli } from "../aws-cli/programs.ts";
import { judgeAnswers, keepAnswers, type RawAnswer } from "../aws-cli/raw-answers.ts";
import { type SignInLab, startSignInLab } from "../aws-cli/sign-in-lab.ts";

const SERVICES = [SSO, SSO_OIDC];
const PAST = "2026-01-15T12:00:00Z";
/** What a browser asks for is in no model. */
const UNMODELLED = ["sso-oidc:Authorize", "sso-oidc:DevicePage"];

describe("the stand-ins for Identity Center, as AWS CLI 1 and 2 see them", () => {
  let lab: SignInLab;
  let one: AwsCli;
  let two: AwsCli;
  let answers: readonly RawAnswer[];
  before(async () => {
    lab = await startSignInLab();
    [one, two] = [await lab.cli(1), await lab.cli(2)];
    answers = keepAnswers(lab.standIn);
  });
  after(() => lab.close());

  const run = (cli: AwsCli, ...words: string[]) => lab.run([cli.program, ...words]);
  async function logIn(profile = "dev"): Promise<CommandResult> {
    const done = run(two, "sso", "login", "--no-browser", "--profile", profile);
    await lab.answerNext({ userName: "ada" });
    return done;
  }
  const identity = async (cli: AwsCli, profile = "dev") => {
    fs.rmSync(path.join(lab.aws, "cli"), { recursive: true, force: true });
    return run(cli, "sts", "get-caller-identity", "--profile", profile, "--output", "json");
  };
  const token = (session: string) => JSON.parse(fs.readFileSync(lab.tokenFile(session), "utf8"));
  const operations = () => lab.standIn.calls.map(({ operation }) => operation);

  it("log in by device code, as whoever approved", async () => {
    lab.standIn.clearCalls();
    const { status, stdout, stderr } = await logIn();
    assert.equal(status, 0, stderr);
    assert.match(stdout, /https:\/\/device\.sso\.us-east-1\.amazonaws\.com\/\?user_code=\w{4}-\w{4}/);
    assert.match(stdout, /Successfully logged into Start URL: https:\/\/lab\.awsapps\.com\/start/);
    assert.deepEqual(operations().slice(0, 3), ["RegisterClient", "StartDeviceAuthorization", "CreateToken"]);
    const arn = `arn:aws:sts::111122223333:assumed-role/${lab.role}/ada`;
    for (const cli of [one, two]) {
      const seen = await identity(cli);
      assert.equal(seen.status, 0, seen.stderr);
      assert.equal(JSON.parse(seen.stdout).Arn, arn);
    }
  });

  it("give keys of an hour", async () => {
    const words = ["configure", "export-credentials", "--profile", "dev"];
    const { status, stdout, stderr } = await run(two, ...words);
    assert.equal(status, 0, stderr);
    const { AccessKeyId, Expiration } = JSON.parse(stdout);
    assert.match(AccessKeyId, /^ASIA/);
    const left = Date.parse(Expiration) - lab.clock();
    assert.ok(left > 3_500_000 && left <= 3_600_000, Expiration);
  });

  it("refresh a token that is over, and never with the same refresh token again", async () => {
    for (const cli of [one, two]) {
      const before = token("lab");
      lab.editToken("lab", { expiresAt: PAST });
      const { status, stderr } = await identity(cli);
      assert.equal(status, 0, stderr);
      const after = token("lab");
      assert.notEqual(after.accessToken, before.accessToken);
      assert.notEqual(after.refreshToken, before.refreshToken);
      lab.editToken("lab", { ...before, expiresAt: PAST });
      const again = await identity(cli);
      assert.equal(again.status, 255);
      assert.match(again.stderr, /Token has expired and refresh failed/);
      assert.equal(lab.standIn.calls.at(-1)?.error, "InvalidGrantException");
      lab.editToken("lab", after);
    }
  });

  it("say that a registration is over", async () => {
    const before = token("lab");
    lab.editToken("lab", { expiresAt: PAST });
    const client = lab.standIn.world.identityCenter.clients.get(before.clientId) ?? assert.fail();
    const { expires } = client;
    client.expires = new Date(0);
    assert.match((await identity(two)).stderr, /Token has expired and refresh failed/);
    assert.equal(lab.standIn.calls.at(-1)?.error, "InvalidClientException");
    client.expires = expires;
    lab.editToken("lab", before);
  });

  it("say that a role is not assigned", async () => {
    for (const cli of [one, two]) {
      const { status, stderr } = await identity(cli, "admin");
      assert.equal(status, cli === one ? 255 : 254, stderr);
      assert.match(
        stderr,
        /\(ForbiddenException\) when calling the GetRoleCredentials operation.*: No access/,
      );
    }
  });

  it("say that a session is over", async () => {
    const before = token("lab");
    lab.editToken("lab", { accessToken: "canary" });
    for (const cli of [one, two]) {
      const { status, stderr } = await identity(cli);
      assert.equal(status, 255, stderr);
      assert.match(
        stderr,
        /The SSO session associated with this profile has expired or is otherwise invalid/,
      );
      assert.equal(lab.standIn.calls.at(-1)?.error, "UnauthorizedException");
    }
    lab.editToken("lab", before);
  });

  it("list accounts and roles page by page", async () => {
    const { accessToken } = token("lab");
    for (const cli of [one, two]) {
      const list = async (...words: string[]) => {
        const paged = ["--page-size", "1", `--access-token=${accessToken}`, "--output", "json"];
        const region = ["--region", "us-east-1"];
        const { stdout, stderr } = await run(cli, "sso", ...words, ...paged, ...region);
        return JSON.parse(stdout || assert.fail(stderr));
      };
      const { accountList } = await list("list-accounts");
      assert.deepEqual(accountList, lab.standIn.world.identityCenter.accounts);
      const { roleList } = await list("list-account-roles", "--account-id", "111122223333");
      assert.deepEqual(roleList, [{ roleName: "Dev", accountId: "111122223333" }]);
    }
  });

  it("log out: the token is gone here and there", async () => {
    const { accessToken } = token("lab");
    const { status, stderr } = await run(two, "sso", "logout");
    assert.equal(status, 0, stderr);
    assert.equal(fs.existsSync(lab.tokenFile("lab")), false);
    assert.deepEqual(lab.standIn.world.identityCenter.sessions, []);
    const words = ["sso", "list-accounts", `--access-token=${accessToken}`, "--region", "us-east-1"];
    assert.match(
      (await run(two, ...words)).stderr,
      /\(UnauthorizedException\).*: Session token not found or invalid/,
    );
    assert.match((await identity(two)).stderr, /Error loading SSO Token: Token for lab does not exist/);
  });

  it("log in for a profile without a session, whose token cannot be refreshed", async () => {
    const { status, stderr } = await logIn("old");
    assert.equal(status, 0, stderr);
    assert.equal(token("https://lab.awsapps.com/start").refreshToken, undefined);
    for (const cli of [one, two]) assert.equal((await identity(cli, "old")).status, 0);
  });

  it("say that the person denied", async () => {
    const done = run(two, "sso", "login", "--no-browser", "--profile", "dev");
    await lab.answerNext("denied");
    const { status, stderr } = await done;
    assert.equal(status, 254, stderr);
    assert.match(stderr, /\(AccessDeniedException\) when calling the CreateToken operation/);
  });

  it("say that nobody answered in time", async () => {
    const done = run(two, "sso", "login", "--no-browser", "--profile", "dev");
    await lab.answerNext("away");
    for (const device of lab.standIn.world.identityCenter.devices.values()) device.expires = new Date(0);
    const { status, stderr } = await done;
    assert.equal(status, 255, stderr);
    assert.match(stderr, /The pending authorization to retrieve an SSO token has expired/);
  });

  describe("with clients that they make themselves", () => {
    const REGISTRATION = {
      "client-name": "tool",
      "client-type": "public",
      scopes: "sso:account:access",
      "grant-types": JSON.stringify(CODE_CLIENT.grantTypes),
      "redirect-uris": JSON.stringify(CODE_CLIENT.redirectUris),
      "issuer-url": CODE_CLIENT.issuerUrl,
    };
    let client: { readonly "client-id": string; readonly "client-secret": string };
    before(async () => {
      const { stdout, stderr } = await oidc("register-client", REGISTRATION);
      const { clientId, clientSecret } = JSON.parse(stdout || assert.fail(stderr));
      client = { "client-id": clientId, "client-secret": clientSecret };
    });

    function oidc(operation: string, options: Readonly<Record<string, string>>): Promise<CommandResult> {
      // A random value may begin with a hyphen.
      const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      return run(one, "sso-oidc", operation, ...words, "--region", "us-east-1", "--output", "json");
    }

    it("exchange a code with its verifier, once", async () => {
      const { verifier, challenge } = pkce();
      lab.standIn.world.identityCenter.person = { userName: "ada" };
      const location = await authorized({ client_id: client["client-id"], code_challenge: challenge });
      const code =
        URL.parse(location ?? "")?.searchParams.get("code") ?? assert.fail("no code was given out");
      const grant = { "grant-type": "authorization_code", code, "redirect-uri": REDIRECT };
      const asked = { ...client, ...grant, "code-verifier": verifier };
      const { stdout, stderr } = await oidc("create-token", asked);
      assert.equal(JSON.parse(stdout || assert.fail(stderr)).tokenType, "Bearer");
      assert.match((await oidc("create-token", asked)).stderr, /\(InvalidGrantException\)/);
    });

    const REFUSED: readonly [string, Readonly<Record<string, string>>, string][] = [
      ["register-client", { "client-type": "confidential" }, "InvalidClientMetadataException"],
      ["register-client", { "grant-types": '["password"]' }, "UnsupportedGrantTypeException"],
      ["register-client", { "redirect-uris": '["https://example.com"]' }, "InvalidRedirectUriException"],
      ["register-client", { "issuer-url": "https://example.com" }, "InvalidRequestException"],
      ["register-client", { scopes: "everything" }, "InvalidScopeException"],
      ["start-device-authorization", { "start-url": CODE_CLIENT.issuerUrl }, "UnauthorizedClientException"],
      ["start-device-authorization", { "start-url": "https://example.com" }, "InvalidRequestException"],
      ["create-token", { "grant-type": "password" }, "UnsupportedGrantTypeException"],
      ["create-token", { "grant-type": "refresh_token" }, "InvalidRequestException"],
      [
        "create-token",
        { "grant-type": "refresh_token", "client-secret": "canary" },
        "InvalidClientException",
      ],
    ];
    for (const [operation, fields, code] of REFUSED) {
      it(`are refused with ${code} for ${operation} with ${Object.keys(fields).join(", ")}`, async () => {
        const good = operation === "register-client" ? REGISTRATION : client;
        const { status, stderr } = await oidc(operation, { ...good, ...fields });
        assert.equal(status, 255);
        assert.ok(stderr.includes(`(${code})`), stderr);
      });
    }
  });

  /** Where a browser is sent that opens what a client of authorization codes shows. */
  function authorized(question: Readonly<Record<string, string>>): Promise<string | undefined> {
    const fixed = {
      response_type: "code",
      redirect_uri: REDIRECT,
      state: "s",
      code_challenge_method: "S256",
    };
    const query = new URLSearchParams({ ...fixed, scopes: "sso:account:access", ...question });
    return lab.visit(new URL(`https://oidc.us-east-1.amazonaws.com/authorize?${query}`));
  }

  describe("altogether", () => {
    it("answer as botocore's service models say", async () => {
      const modelled = answers.filter(
        (answer) => !UNMODELLED.includes(`${answer.service}:${answer.operation}`),
      );
      const own = modelled.filter(({ service }) => SERVICES.some(({ name }) => name === service));
      const faults = await judgeAnswers(one, own);
      assert.deepEqual([...new Set(faults.flat())], []);
      const judged = new Set(own.map(({ service, operation }) => `${service}:${operation}`));
      const all = SERVICES.flatMap(({ name, operations: names }) => names.map((each) => `${name}:${each}`));
      assert.deepEqual([...judged].sort(), all.filter((each) => !UNMODELLED.includes(each)).sort());
    });

    it("were asked by AWS's names only", () => {
      const hosts = new Set(lab.proxy.asked.map(({ target }) => target));
      const known = ["oidc.us-east-1", "portal.sso.us-east-1", "sts.us-east-1"];
      assert.deepEqual(
        [...hosts].sort(),
        known.map((name) => `${name}.amazonaws.com:443`),
      );
    });
  });
});
