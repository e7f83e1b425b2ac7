/**
 * The stand-ins by which people and containers log in, judged by the providers of the SDK for JavaScript: they refresh, read
 * keys and refusals, and leave their files as others do. What AWS Sign-In answers is judged by botocore's service models.
 *
 * Needs both AWS CLIs on PATH, and Linux with `ip` and `unshare` for an address of its own. No network but loopback.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loginTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { findCredential } from "../../lab/aws/caller.ts";
import { type ContainerCredentials, startContainerCredentials } from "../../lab/aws/container-credentials.ts";
import { lendSession } from "../../lab/aws/signin/lend-session.ts";
import { addRole } from "../../lab/aws/world.ts";
import type { IamRole, SignInSession } from "../../lab/model.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { judgeAnswers, keepAnswers, type RawAnswer } from "../aws-cli/raw-answers.ts";
import { type SignInLab, startSignInLab } from "../aws-cli/sign-in-lab.ts";

const SCRIPT = path.join(import.meta.dirname, "aws-sdk", "main.ts");
const NETWORK = path.join(import.meta.dirname, "aws-sdk", "network", "main.ts");
const HOUR_MS = 3_600_000;
const LOGIN_SESSION = "arn:aws:sts::111122223333:assumed-role/Console/ada";

interface Printed {
  readonly accessKeyId: string;
  readonly sessionToken: string;
  readonly expiration: string;
}

describe("the stand-ins for logging in, as the SDK for JavaScript sees them", () => {
  let lab: SignInLab;
  let answers: readonly RawAnswer[];
  before(async () => {
    lab = await startSignInLab();
    answers = keepAnswers(lab.standIn);
  });
  after(() => lab.close());

  async function ask(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = {
      ...{ HTTPS_PROXY: "", NODE_EXTRA_CA_CERTS: lab.caFile, AWS_REGION: "us-east-1" },
      AWS_ENDPOINT_URL: lab.standIn.url,
      ...more,
    };
    return lab.run([process.execPath, SCRIPT, ...words], env);
  }
  async function found(...given: Parameters<typeof ask>): Promise<Printed> {
    const { stdout, stderr } = await ask(...given);
    return JSON.parse(stdout || assert.fail(stderr));
  }
  /** Whom the stand-in for STS takes somebody with these keys for. */
  function callerOf({ accessKeyId, sessionToken }: Printed): string {
    const found = findCredential(lab.standIn.world, accessKeyId, sessionToken, new Date(lab.clock()));
    return typeof found === "string" ? found : found.caller.arn;
  }
  const lastError = () => lab.standIn.calls.at(-1)?.error;

  describe("Identity Center", () => {
    const fields = () => JSON.parse(fs.readFileSync(lab.tokenFile("lab"), "utf8"));
    /** As if ada had logged in just now; the file says that the token ends then. */
    function logIn(expiresAt: number): void {
      const { identityCenter } = lab.standIn.world;
      const now = lab.clock();
      const expires = new Date(now + 8 * HOUR_MS);
      const client = { id: "client", secret: "canary-secret", name: "tool", region: "us-east-1", expires };
      const scopes = ["sso:account:access"];
      identityCenter.clients.set(client.id, { ...client, scopes, grantTypes: [], redirectUris: [] });
      const accessTokens = [{ token: "canary-access", expires: new Date(now + HOUR_MS) }];
      const session = { userName: "ada", clientId: client.id, expires, accessTokens };
      identityCenter.sessions = [{ ...session, refreshToken: "canary-refresh" }];
      const file = lab.tokenFile("lab");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const token = {
        startUrl: identityCenter.startUrl,
        region: identityCenter.region,
        accessToken: "canary-access",
        expiresAt: new Date(expiresAt).toISOString(),
        clientId: client.id,
        clientSecret: client.secret,
        registrationExpiresAt: expires.toISOString(),
        refreshToken: "canary-refresh",
      };
      fs.writeFileSync(file, JSON.stringify(token));
    }

    it("gives keys for a token that lasts", async () => {
      logIn(lab.clock() + HOUR_MS);
      const keys = await found(["sso", "dev"]);
      assert.equal(callerOf(keys), `arn:aws:sts::111122223333:assumed-role/${lab.role}/ada`);
      const left = Date.parse(keys.expiration) - lab.clock();
      assert.ok(left > HOUR_MS - 60_000 && left <= HOUR_MS, keys.expiration);
      assert.equal(fields().refreshToken, "canary-refresh");
    });

    it("refreshes a token that ends, and keeps the new refresh token", async () => {
      logIn(lab.clock() - 1000);
      await found(["sso", "dev"]);
      const [session] = lab.standIn.world.identityCenter.sessions;
      assert.equal(fields().refreshToken, session?.refreshToken);
      assert.notEqual(fields().refreshToken, "canary-refresh");
      assert.equal(fields().accessToken, session?.accessTokens.at(-1)?.token);
      lab.editToken("lab", { refreshToken: "canary-refresh", expiresAt: "2026-01-15T12:00:00Z" });
      assert.match((await ask(["sso", "dev"])).stderr, /^Token is expired\. To refresh this SSO session run/);
      assert.equal(lastError(), "InvalidGrantException");
    });

    it("says what is not assigned, and that a session is over", async () => {
      logIn(lab.clock() + HOUR_MS);
      assert.match((await ask(["sso", "admin"])).stderr, /ForbiddenException: No access/);
      lab.standIn.world.identityCenter.sessions = [];
      assert.match(
        (await ask(["sso", "dev"])).stderr,
        /UnauthorizedException: Session token not found or invalid/,
      );
    });
  });

  describe("AWS Sign-In", () => {
    let file: string;
    let session: SignInSession;
    beforeEach(() => {
      const role = addRole(lab.standIn.world, { name: "Console" });
      lab.standIn.world.signInSessions.clear();
      const lent = lendSession(lab.standIn.world, { role, now: lab.clock(), leftMs: -1000 });
      session = lent.session;
      file = path.join(lab.aws, "login", "cache", loginTokenFile(LOGIN_SESSION));
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify(lent.file));
      fs.writeFileSync(
        path.join(lab.home, "login-config"),
        `[profile console]\nlogin_session = ${LOGIN_SESSION}\nregion = us-east-1\n`,
      );
    });
    const config = () => ({ AWS_CONFIG_FILE: path.join(lab.home, "login-config") });

    it("gives keys by a proof of the key in the file, and another refresh token each time", async () => {
      assert.equal(callerOf(await found(["login", "console"], config())), LOGIN_SESSION);
      const { refreshToken } = JSON.parse(fs.readFileSync(file, "utf8"));
      assert.deepEqual([...lab.standIn.world.signInSessions.keys()], [refreshToken]);
    });

    it("says that a session is over, a password changed, rights are missing, or a token used up", async () => {
      const said = async () => (await ask(["login", "console"], config())).stderr;
      session.refusal = "USER_CREDENTIALS_CHANGED";
      assert.match(await said(), /because of a change in your password/);
      session.refusal = "INSUFFICIENT_PERMISSIONS";
      assert.match(await said(), /due to insufficient permissions/);
      session.expires = new Date(lab.clock() - 1);
      assert.equal(await said(), "Your session has expired. Please reauthenticate.");
      lab.standIn.world.signInSessions.clear();
      assert.match(await said(), /Failed to refresh token: ValidationException/);
    });

    it("answers as botocore's service model says", async () => {
      const own = answers.filter(({ service }) => service === "signin");
      assert.deepEqual([...new Set(own.map(({ status }) => status))].sort(), [200, 400, 401, 403]);
      const faults = await judgeAnswers(awsCli(1), own);
      assert.deepEqual([...new Set(faults.flat())], []);
      const good = own.find(({ status }) => status === 200) ?? assert.fail();
      const spoilt = { ...good, body: good.body.replace("aws_sigv4", "Bearer") };
      assert.equal((await judgeAnswers(awsCli(1), [spoilt])).flat().length, 1);
    });
  });

  describe("containers", () => {
    let role: IamRole;
    let container: ContainerCredentials;
    before(async () => {
      const { world } = lab.standIn;
      role = addRole(world, { name: "Task" });
      container = await startContainerCredentials({ world, clock: lab.clock, role });
    });
    after(() => container.close());

    it("get keys from ECS by the path alone", async () => {
      const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url + container.relativeUri };
      assert.match(callerOf(await found(["http"], env)), /assumed-role\/Task\/[\da-f]{32}$/);
      const wrong = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/v2/credentials/unknown` };
      assert.match((await ask(["http"], wrong)).stderr, /Server responded with status: 400/);
    });

    it("get keys from ECS at the agent's own address", async () => {
      const network = 'ip link set lo up && ip addr add 169.254.170.2/32 dev lo && exec "$@"';
      const inside = ["unshare", "--map-root-user", "--net", "sh", "-c", network, "sh"];
      const { program } = awsCli(2);
      for (const command of [
        [process.execPath, SCRIPT, "http"],
        [program, "configure", "export-credentials"],
      ]) {
        const { stdout, stderr } = await lab.run([...inside, process.execPath, NETWORK, ...command]);
        assert.match(stdout, /assumed-role\/Task\/[\da-f]{32}$/, stderr);
      }
    });

    it("get keys from EKS by the token, in the environment or a file", async () => {
      const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url + container.podUri };
      const tokenFile = path.join(lab.home, "pod-token");
      fs.writeFileSync(tokenFile, container.token);
      for (const given of [
        { AWS_CONTAINER_AUTHORIZATION_TOKEN: container.token },
        { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile },
      ])
        assert.match(
          callerOf(await found(["http"], { ...uri, ...given })),
          /assumed-role\/Task\/eks-lab-web-/,
        );
      assert.match((await ask(["http"], uri)).stderr, /Server responded with status: 400/);
    });

    it("are read by the AWS CLI, as are the refusals", async () => {
      const cli = async (more: Readonly<Record<string, string>>) => {
        const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url + container.podUri };
        const env = { ...uri, AWS_CONFIG_FILE: "/dev/null", AWS_DEFAULT_REGION: "us-east-1", ...more };
        const { program } = awsCli(1);
        return lab.run([program, "sts", "get-caller-identity", "--output", "json"], env);
      };
      const { stdout, stderr } = await cli({ AWS_CONTAINER_AUTHORIZATION_TOKEN: container.token });
      assert.match(JSON.parse(stdout || assert.fail(stderr)).Arn, /assumed-role\/Task\/eks-lab-web-/);
      const words =
        "Received non 200 response 400 from container metadata: Service account token cannot be empty";
      assert.ok((await cli({})).stderr.includes(words));
    });
  });
});
