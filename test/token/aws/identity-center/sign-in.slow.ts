import assert from "node:assert/strict";
import fs from "node:fs";
import type { ServerResponse } from "node:http";
import net from "node:net";
import path from "node:path";
import { ssoAccessToken } from "../../../../token/aws/identity-center/access-token.ts";
import { ssoRoleCredentials } from "../../../../token/aws/identity-center/portal-calls.ts";
import {
  beginBrowserLogin,
  beginDeviceLogin,
  type SignIn,
} from "../../../../token/aws/identity-center/sign-in.ts";
import { ssoRegistrationFile } from "../../../../token/aws/sources/cache-names.ts";
import { answerDevice } from "../../../lab/aws/identity-center.ts";
import { centerLab, fetched, START_URL } from "./center-lab.ts";

const ADA = { userName: "ada" };
const WISH: SignIn = { scopes: [], fresh: false };

describe("a login at Identity Center through the browser", () => {
  const lab = centerLab();
  const begin = (wish = WISH, access = lab().access()) => beginBrowserLogin(lab().plan, wish, access);
  const operations = () => lab().standIn.calls.map(({ operation }) => operation);

  it("keeps a session that the AWS CLI understands, and says so in the browser", async () => {
    const { browse, readToken, tokenFile, clock, access, plan, standIn } = lab();
    const login = await begin();
    assert.equal(new URL(login.address).origin, standIn.url);
    const done = login.complete();
    const shown = browse(login.address, ADA);
    const token = await done;
    await login.close();
    const { status, text, headers } = await shown;
    assert.deepEqual([status, /<h1>You are logged in<\/h1>/.test(text)], [200, true]);
    assert.equal(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    const kept = readToken();
    assert.deepEqual(Object.keys(kept).sort(), [
      ...["accessToken", "clientId", "clientSecret", "expiresAt", "refreshToken"],
      ...["region", "registrationExpiresAt", "startUrl"],
    ]);
    assert.deepEqual([kept["startUrl"], kept["region"]], [START_URL, "us-east-1"]);
    assert.match(String(kept["expiresAt"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(Math.abs(Date.parse(String(kept["expiresAt"])) - clock() - 3_600_000) < 30_000);
    assert.equal(fs.statSync(tokenFile).mode & 0o777, 0o600);
    const found = await ssoAccessToken(plan, access());
    assert.equal(found.accessToken, token.accessToken);
    const { accessKeyId } = await ssoRoleCredentials(plan, found.accessToken, access());
    assert.match(accessKeyId, /^ASIA/);
  });

  it("asks as the AWS CLI does: for one code, with a challenge of SHA-256, back to this machine", async () => {
    const login = await begin({ scopes: ["sso:account:access"], fresh: false });
    await login.close();
    const { pathname, searchParams } = new URL(login.address);
    assert.equal(pathname, "/authorize");
    const { redirect_uri, state, code_challenge, client_id, ...rest } = Object.fromEntries(searchParams);
    assert.deepEqual(rest, {
      response_type: "code",
      code_challenge_method: "S256",
      scopes: "sso:account:access",
    });
    assert.match(redirect_uri ?? "", /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
    assert.match(state ?? "", /^[\w-]{43}$/);
    assert.match(code_challenge ?? "", /^[\w-]{43}$/);
    const client = lab().center.clients.get(client_id ?? "");
    assert.deepEqual(client?.redirectUris, ["http://127.0.0.1/oauth/callback"]);
    assert.deepEqual(client?.grantTypes, ["authorization_code", "refresh_token"]);
  });

  it("uses its client again, but not one that is about to end, nor where a new one is wanted", async () => {
    const clientOf = async (wish = WISH) => {
      const login = await begin(wish);
      await login.close();
      return new URL(login.address).searchParams.get("client_id");
    };
    const first = await clientOf();
    assert.equal(await clientOf(), first);
    const fresh = await clientOf({ ...WISH, fresh: true });
    assert.notEqual(fresh, first);
    assert.equal(await clientOf(), fresh);
    const days = 89.5 * 24 * 3_600_000;
    lab().clock.advance(days);
    try {
      assert.notEqual(await clientOf(), fresh);
    } finally {
      lab().clock.advance(-days);
    }
  });

  it("keeps its client in a file that no other tool takes for its own", async () => {
    await (await begin()).close();
    const folder = path.dirname(lab().tokenFile);
    const [file = ""] = fs.readdirSync(folder);
    const wanted = {
      startUrl: START_URL,
      region: "us-east-1",
      session: "lab",
      scopes: ["sso:account:access"],
    };
    assert.equal(file, ssoRegistrationFile({ ...wanted, tool: "kubectl-vouch" }));
    assert.notEqual(file, ssoRegistrationFile({ ...wanted, tool: "botocore" }));
    assert.equal(fs.statSync(path.join(folder, file)).mode & 0o777, 0o600);
    assert.equal(fs.readdirSync(folder).length, 1);
  });

  it("is refused by the person, and the browser says that it failed", async () => {
    const login = await begin();
    const done = assert.rejects(login.complete(), {
      code: "sso-login-refused",
      exit: 5,
      message: "The login to IAM Identity Center (sso-session lab) was denied: access_denied.",
      hint: "Run `kubectl vouch login --profile dev`.",
    });
    const shown = lab().browse(login.address, "denied");
    await done;
    await login.close();
    assert.match((await shown).text, /<h1>You are not logged in<\/h1>/);
    assert.equal(fs.existsSync(lab().tokenFile), false);
  });

  it("fails in the browser too when the code is worth nothing", async () => {
    const login = await begin();
    const done = assert.rejects(login.complete(), { code: "sso-login-refused" });
    const { redirect_uri, state } = Object.fromEntries(new URL(login.address).searchParams);
    const shown = fetched(`${redirect_uri}?code=canary-code&state=${state}`, "");
    await done;
    await login.close();
    assert.match((await shown).text, /<h1>You are not logged in<\/h1>/);
  });

  it("registers anew after AWS has forgotten the client", async () => {
    await (await begin()).close();
    lab().center.clients.clear();
    const login = await begin();
    const done = assert.rejects(login.complete(), { code: "sso-login-refused" });
    const { redirect_uri, state } = Object.fromEntries(new URL(login.address).searchParams);
    const shown = fetched(`${redirect_uri}?code=canary-code&state=${state}`, "");
    await done;
    await login.close();
    await shown;
    lab().standIn.clearCalls();
    await (await begin()).close();
    assert.deepEqual(operations(), ["RegisterClient"]);
  });

  it("never listens where there is no address for the browser", async () => {
    const { plan, tokenFile } = lab();
    const strange = { ...plan, region: "evil.example/#" };
    const scopes = ["sso:account:access"];
    const asked = { startUrl: START_URL, region: strange.region, session: "lab", scopes };
    const kept = path.join(path.dirname(tokenFile), ssoRegistrationFile({ ...asked, tool: "kubectl-vouch" }));
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    const client = { clientId: "c", clientSecret: "canary", expiresAt: "2126-01-15T12:00:00Z" };
    fs.writeFileSync(kept, JSON.stringify(client));
    const { listen } = net.Server.prototype;
    net.Server.prototype.listen = () => assert.fail("it listens");
    try {
      await assert.rejects(beginBrowserLogin(strange, WISH, lab().access()), { code: "region-invalid" });
    } finally {
      net.Server.prototype.listen = listen;
    }
  });

  it("waits as long as it is told to, and as AWS does at most", async () => {
    const login = await begin({ ...WISH, timeoutMs: 20 });
    await assert.rejects(login.complete(), {
      code: "sso-login-unanswered",
      exit: 1,
      hint: /login --profile/,
    });
    await login.close();
    const { expires, close } = await begin({ ...WISH, timeoutMs: 3_000_000_000 });
    await close();
    assert.ok(expires - lab().clock() <= 600_000);
  });

  it("ends when the person interrupts it", async () => {
    const control = new AbortController();
    const login = await begin(WISH, lab().access({ signal: control.signal }));
    const done = assert.rejects(login.complete(), { code: "interrupted" });
    control.abort();
    await done;
    await login.close();
  });
});

describe("a login at Identity Center by a code", () => {
  const lab = centerLab();
  const begin = (wish = WISH) => beginDeviceLogin(lab().plan, wish, lab().access());

  it("keeps the session of whoever allowed it, which can be refreshed", async () => {
    const { pending, complete } = await begin();
    assert.match(pending.userCode, /^[A-Z]{4}-[A-Z]{4}$/);
    assert.ok(pending.verificationUriComplete?.endsWith(`?user_code=${pending.userCode}`));
    answerDevice(lab().center, pending.userCode, ADA);
    const { accessToken } = await complete();
    assert.equal(lab().readToken()["accessToken"], accessToken);
    assert.equal(typeof lab().readToken()["refreshToken"], "string");
  });

  it("is refused by the person", async () => {
    const { pending, complete } = await begin();
    answerDevice(lab().center, pending.userCode, "denied");
    await assert.rejects(complete(), { code: "sso-login-refused", exit: 5 });
  });

  it("is over when nobody answers in time", async () => {
    const { pending, complete } = await begin();
    const left = pending.expires - lab().clock();
    lab().clock.advance(left);
    try {
      await assert.rejects(complete(), { code: "sso-login-unanswered", exit: 1 });
    } finally {
      lab().clock.advance(-left);
    }
  });

  it("is over when nobody answers as long as it is told to wait", async () => {
    const { pending, complete } = await begin({ ...WISH, timeoutMs: 50 });
    assert.ok(pending.expires - lab().clock() <= 50);
    await assert.rejects(complete(), { code: "sso-login-unanswered", exit: 1 });
  });

  describe("where the last question about it went wrong, is not said to be unanswered:", () => {
    /** What becomes of each question, one after the other; AWS answers the rest. */
    const trouble = (...becomes: readonly ((response: ServerResponse) => void)[]) => {
      const left = [...becomes];
      lab().standIn.faults.takeover = (request, response) => {
        const next = request.url === "/token" ? left.shift() : undefined;
        next?.(response);
        return next !== undefined;
      };
    };
    afterEach(() => {
      lab().standIn.faults.takeover = undefined;
    });
    const ended = (response: ServerResponse) => void response.destroy();
    const busy = (response: ServerResponse) => void response.writeHead(503).end();

    it("AWS did not answer", async () => {
      const { pending, complete } = await begin({ ...WISH, timeoutMs: 1500 });
      trouble(ended);
      answerDevice(lab().center, pending.userCode, ADA);
      await assert.rejects(complete(), { code: "aws-unreachable", exit: 4, message: /^127\.0\.0\.1/ });
    });

    it("AWS could not answer", async () => {
      const { complete } = await begin({ ...WISH, timeoutMs: 1500 });
      trouble(busy);
      const message = "AWS rejected sso-oidc:CreateToken: HTTP 503: no reason stated.";
      await assert.rejects(complete(), { code: "aws-failed", message });
    });

    it("but is where AWS was heard since", async () => {
      const { complete } = await begin({ ...WISH, timeoutMs: 7500 });
      trouble(ended);
      await assert.rejects(complete(), { code: "sso-login-unanswered" });
    });
  });

  it("is kept when it is answered in time, however long that takes", async () => {
    const { pending, complete } = await begin({ ...WISH, timeoutMs: 1500 });
    answerDevice(lab().center, pending.userCode, ADA);
    const lock = `${lab().tokenFile}.lock`;
    fs.mkdirSync(path.dirname(lock), { recursive: true });
    fs.writeFileSync(lock, `${process.pid}\n`);
    setTimeout(() => fs.rmSync(lock), 1600);
    const { accessToken } = await complete();
    assert.equal(lab().readToken()["accessToken"], accessToken);
  });

  it("registers anew when AWS does not know the client any more", async () => {
    await begin();
    lab().center.clients.clear();
    const { pending } = await begin();
    assert.match(pending.userCode, /^[A-Z]{4}-[A-Z]{4}$/);
  });

  /** What AWS is said to answer to a client that wants a code. */
  const givingPage = async <T>(address: string, work: () => Promise<T>): Promise<T> => {
    const { faults } = lab().standIn;
    faults.takeover = (request, response) => {
      if (request.url !== "/device_authorization") return false;
      const body = { deviceCode: "canary-device", userCode: "ABCD-EFGH", verificationUri: address };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
      return true;
    };
    try {
      return await work();
    } finally {
      faults.takeover = undefined;
    }
  };

  for (const address of [
    "https://device.sso.us-east-1.amazonaws.com/",
    "https://device.sso.cn-north-1.amazonaws.com.cn/",
    `${START_URL}/#/device`,
  ])
    it(`shows ${address}`, async () => {
      const { pending } = await givingPage(address, begin);
      assert.equal(pending.verificationUri, address);
    });

  for (const address of [
    "https://evil.example/",
    "http://device.sso.us-east-1.amazonaws.com/",
    "javascript:1",
    "https://device.sso.us-east-1.amazonaws.com.evil.example/",
    "https://device.sso.us-east-1.amazonaws.com/\u001b]0;x",
  ])
    it(`shows nobody ${JSON.stringify(address)}`, () =>
      assert.rejects(givingPage(address, begin), { code: "aws-failed" }));
});
