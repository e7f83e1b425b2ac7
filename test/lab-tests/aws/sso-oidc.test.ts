import assert from "node:assert/strict";
import { answerDevice } from "../../lab/aws/identity-center.ts";
import {
  ACCOUNT_ACCESS,
  CODE_CLIENT,
  oidcRefusal,
  pkce,
  REDIRECT,
  type Registration,
  type SignInAnswer,
  type SignInLab,
  startSignInLab,
} from "./sign-in.ts";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const START = "https://lab.awsapps.com/start";
const DAY_SECONDS = 86_400;

const WRONG_CLIENT = oidcRefusal("InvalidClientException", "invalid_client", "Invalid client provided", 401);
const WRONG_GRANT = oidcRefusal("InvalidGrantException", "invalid_grant", "Invalid grant provided");
const WRONG_REFRESH = oidcRefusal("InvalidGrantException", "invalid_grant", "Invalid refresh token provided");
const WRONG_REQUEST = oidcRefusal("InvalidRequestException", "invalid_request", "Invalid request");
const WRONG_REDIRECT = oidcRefusal(
  "InvalidRedirectUriException",
  "invalid_redirect_uri",
  "Invalid redirect uri provided",
);
const PENDING = oidcRefusal(
  "AuthorizationPendingException",
  "authorization_pending",
  "Authorization is still pending",
);
const SLOW_DOWN = oidcRefusal("SlowDownException", "slow_down", "Slow down");
const UNAUTHORIZED_CLIENT = oidcRefusal(
  "UnauthorizedClientException",
  "unauthorized_client",
  "Client is not authorized",
);

describe("sso-oidc at the AWS stand-in", () => {
  let lab: SignInLab;
  beforeEach(async () => {
    lab = await startSignInLab();
  });
  afterEach(() => lab.close());

  const startDevice = async (client: Registration) => {
    const { body } = await lab.post("/device_authorization", { ...client, startUrl: START });
    return { deviceCode: String(body["deviceCode"]), userCode: String(body["userCode"]) };
  };
  const poll = (client: Registration, deviceCode: string) =>
    lab.post("/token", { ...client, grantType: DEVICE, deviceCode });
  const refresh = (client: Registration, refreshToken: unknown) =>
    lab.post("/token", { ...client, grantType: "refresh_token", refreshToken });

  describe("RegisterClient", () => {
    const register = (fields: object) =>
      lab.post("/client/register", { clientName: "tool", clientType: "public", ...fields });

    const cases: readonly [what: string, fields: object, expected: SignInAnswer][] = [
      [
        "a client that is not public",
        { clientType: "confidential" },
        oidcRefusal(
          "InvalidClientMetadataException",
          "invalid_client_metadata",
          "Invalid client metadata provided",
        ),
      ],
      ["a client without a name", { clientName: "" }, WRONG_REQUEST],
      ["scopes that are no list", { scopes: ACCOUNT_ACCESS }, WRONG_REQUEST],
      [
        "an unknown scope",
        { scopes: ["everything"] },
        oidcRefusal("InvalidScopeException", "invalid_scope", "Invalid scope provided"),
      ],
      [
        "an unknown grant",
        { grantTypes: ["password"] },
        oidcRefusal(
          "UnsupportedGrantTypeException",
          "unsupported_grant_type",
          "Unsupported grant type provided",
        ),
      ],
      ["codes without an address to send them to", { ...CODE_CLIENT, redirectUris: [] }, WRONG_REDIRECT],
      ["codes without an issuer", { ...CODE_CLIENT, issuerUrl: undefined }, WRONG_REQUEST],
      ["codes of another issuer", { ...CODE_CLIENT, issuerUrl: "https://evil.example/start" }, WRONG_REQUEST],
      ...[
        "https://127.0.0.1/oauth/callback",
        "http://127.0.0.1/",
        "http://127.0.0.1/oauth/callback/",
        "http://127.0.0.1/oauth/callback?a=b",
        "http://127.0.0.1@evil.example/oauth/callback",
        "http://evil.example/oauth/callback",
        "http://127.0.0.1.evil.example/oauth/callback",
        "http://me@127.0.0.1/oauth/callback",
        "app://callback",
      ].map(
        (uri) =>
          [`the address ${uri}`, { ...CODE_CLIENT, redirectUris: [uri] }, WRONG_REDIRECT] as [
            string,
            object,
            SignInAnswer,
          ],
      ),
    ];
    for (const [what, fields, expected] of cases) {
      it(`refuses ${what}`, async () => assert.deepEqual(await register(fields), expected));
    }
  });

  describe("the device code", () => {
    describe("on its page", () => {
      const page = async (query: Readonly<Record<string, string>>) => {
        const { status, contentType, body } = await lab.raw({
          path: `/device?${new URLSearchParams(query)}`,
        });
        assert.match(contentType, /^text\/html/);
        return { status, body };
      };
      beforeEach(() => {
        lab.world.identityCenter.person = { userName: "ada" };
      });

      it("is shown, with whom it is allowed as, and allowed by a click", async () => {
        const client = await lab.register();
        const { deviceCode, userCode } = await startDevice(client);
        const { status, body } = await page({ user_code: userCode });
        assert.equal(status, 200);
        for (const part of ["You are ada", `name="user_code" value="${userCode}"`, 'value="allow"'])
          assert.ok(body.includes(part), body);
        assert.deepEqual(await poll(client, deviceCode), PENDING);
        assert.match((await page({ user_code: userCode, answer: "allow" })).body, /Request approved/);
        lab.clock.advance(1000);
        assert.equal((await poll(client, deviceCode)).status, 200);
      });

      it("is nothing where it is unknown, late or used", async () => {
        const { userCode } = await startDevice(await lab.register());
        const late = await startDevice(await lab.register());
        await page({ user_code: userCode, answer: "deny" });
        lab.clock.advance(600_000);
        for (const code of [userCode, late.userCode, "AAAA-AAAA", '"><script>', ""]) {
          const { status, body } = await page({ user_code: code, answer: "allow" });
          assert.deepEqual([status, /Invalid code/.test(body)], [400, true], code);
          assert.ok(!body.includes("<script>"));
        }
      });
    });

    it("makes whoever asks too soon wait longer, from then on", async () => {
      const client = await lab.register();
      const { deviceCode } = await startDevice(client);
      const seen = [];
      for (const seconds of [0, 0.9, 1, 6, 12]) {
        lab.clock.advance(seconds * 1000);
        seen.push(await poll(client, deviceCode));
      }
      assert.deepEqual(seen, [PENDING, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN]);
      lab.clock.advance(21_000);
      assert.deepEqual(await poll(client, deviceCode), PENDING);
    });

    it("is no use to another client, or unknown", async () => {
      const { deviceCode } = await startDevice(await lab.register());
      assert.deepEqual(await poll(await lab.register(), deviceCode), WRONG_GRANT);
      assert.deepEqual(await poll(await lab.register(), "unknown"), WRONG_GRANT);
    });

    it("is given to clients that registered for it, and for this portal only", async () => {
      const client = await lab.register(CODE_CLIENT);
      assert.deepEqual(
        await lab.post("/device_authorization", { ...client, startUrl: START }),
        UNAUTHORIZED_CLIENT,
      );
      const other = { ...(await lab.register()), startUrl: "https://other.awsapps.com/start" };
      assert.deepEqual(await lab.post("/device_authorization", other), WRONG_REQUEST);
      assert.deepEqual(await lab.post("/device_authorization", await lab.register()), WRONG_REQUEST);
    });
  });

  describe("the authorization code", () => {
    const question = (client: Registration, fields: Readonly<Record<string, string>> = {}) =>
      new URLSearchParams({
        response_type: "code",
        client_id: client.clientId,
        redirect_uri: REDIRECT,
        state: "state-1",
        code_challenge_method: "S256",
        scopes: ACCOUNT_ACCESS,
        ...fields,
      });
    const open = async (query: URLSearchParams) => {
      const { status, headers } = await lab.raw({ path: `/authorize?${query}` });
      return { status, location: headers.location };
    };
    const approved = async (client: Registration, challenge: string) => {
      const { location } = await open(question(client, { code_challenge: challenge }));
      return new URL(location ?? assert.fail("nobody is sent back"));
    };
    beforeEach(() => {
      lab.world.identityCenter.person = { userName: "ada" };
    });

    it("wants its verifier, its address and its client, and is used up by a wrong one", async () => {
      const client = await lab.register(CODE_CLIENT);
      const other = await lab.register(CODE_CLIENT);
      const { verifier, challenge } = pkce();
      for (const wrong of [
        { codeVerifier: pkce().verifier },
        { redirectUri: "http://127.0.0.1:34536/oauth/callback" },
      ]) {
        const { searchParams } = await approved(client, challenge);
        const right = {
          ...client,
          grantType: "authorization_code",
          code: searchParams.get("code"),
          codeVerifier: verifier,
          redirectUri: REDIRECT,
        };
        assert.deepEqual(await lab.post("/token", { ...right, ...other }), WRONG_GRANT);
        assert.deepEqual(await lab.post("/token", { ...right, ...wrong }), WRONG_GRANT);
        assert.deepEqual(await lab.post("/token", right), WRONG_GRANT);
      }
    });

    it("ends after ten minutes", async () => {
      const client = await lab.register(CODE_CLIENT);
      const { verifier, challenge } = pkce();
      const code = (await approved(client, challenge)).searchParams.get("code");
      lab.clock.advance(600_000);
      const asked = { grantType: "authorization_code", codeVerifier: verifier, redirectUri: REDIRECT };
      assert.deepEqual(await lab.post("/token", { ...client, ...asked, code }), WRONG_GRANT);
    });

    it("says on the page what is wrong with the client or the address", async () => {
      const client = await lab.register(CODE_CLIENT);
      const shown = (fields: Readonly<Record<string, string>>) =>
        lab.get(`/authorize?${question(client, fields)}`);
      assert.deepEqual(await shown({ client_id: "unknown" }), WRONG_CLIENT);
      for (const uri of ["http://127.0.0.1:1/other", "http://localhost:1/oauth/callback", "", START])
        assert.deepEqual(await shown({ redirect_uri: uri }), WRONG_REDIRECT);
      const fixed = await lab.register({ ...CODE_CLIENT, redirectUris: [REDIRECT] });
      assert.deepEqual(
        await shown({ client_id: fixed.clientId, redirect_uri: "http://127.0.0.1:1/oauth/callback" }),
        WRONG_REDIRECT,
      );
    });

    it("sends back what else is wrong, with the state", async () => {
      const client = await lab.register(CODE_CLIENT);
      const { challenge: code_challenge } = pkce();
      const errors: readonly [Readonly<Record<string, string>>, string][] = [
        [{ code_challenge, response_type: "token" }, "unsupported_response_type"],
        [{}, "invalid_request"],
        [{ code_challenge, code_challenge_method: "plain" }, "invalid_request"],
        [{ code_challenge, scopes: "sso:account:access everything" }, "invalid_scope"],
      ];
      for (const [fields, error] of errors) {
        const { status, location } = await open(question(client, fields));
        assert.deepEqual([status, location], [302, `${REDIRECT}?error=${error}&state=state-1`]);
      }
      lab.world.identityCenter.person = "denied";
      const { location } = await open(question(client, { code_challenge }));
      assert.equal(location, `${REDIRECT}?error=access_denied&state=state-1`);
    });

    it("waits for the person", async () => {
      lab.world.identityCenter.person = "away";
      const client = await lab.register(CODE_CLIENT);
      const { status } = await open(question(client, { code_challenge: pkce().challenge }));
      assert.equal(status, 200);
      assert.equal(lab.world.identityCenter.codes.size, 0);
    });
  });

  describe("the refresh token", () => {
    async function loggedIn(client: Registration): Promise<Readonly<Record<string, unknown>>> {
      const { deviceCode, userCode } = await startDevice(client);
      answerDevice(lab.world.identityCenter, userCode, { userName: "ada" });
      return (await poll(client, deviceCode)).body;
    }

    it("ends with the session, near whose end tokens become short", async () => {
      const client = await lab.register();
      const { refreshToken } = await loggedIn(client);
      lab.clock.advance(7.5 * 3600_000);
      const { body } = await refresh(client, refreshToken);
      assert.equal(body["expiresIn"], 1800);
      lab.clock.advance(1_800_000);
      assert.deepEqual(await refresh(client, body["refreshToken"]), WRONG_REFRESH);
    });

    it("is of one client, while that one is registered", async () => {
      const client = await lab.register();
      const { refreshToken } = await loggedIn(client);
      assert.deepEqual(await refresh(await lab.register(), refreshToken), WRONG_REFRESH);
      assert.deepEqual(await refresh({ ...client, clientSecret: "other" }, refreshToken), WRONG_CLIENT);
      lab.clock.advance(90 * DAY_SECONDS * 1000);
      assert.deepEqual(await refresh(client, refreshToken), WRONG_CLIENT);
    });

    it("is not given without the scope: then the token lives as long as the session", async () => {
      const { refreshToken, expiresIn } = await loggedIn(await lab.register({ scopes: [] }));
      assert.deepEqual([refreshToken, expiresIn], [undefined, 28_800]);
    });
  });

  it("knows a client in its own region only", async () => {
    const client = await lab.register();
    const body = JSON.stringify({ ...client, startUrl: START });
    const ask = (host: string) =>
      lab.raw({ method: "POST", path: "/device_authorization", headers: { host }, body });
    assert.equal((await ask("oidc.us-east-1.amazonaws.com")).status, 200);
    assert.equal((await ask("oidc.us-east-1.api.aws")).status, 200);
    assert.equal((await ask("oidc.eu-west-1.amazonaws.com")).status, 401);
    assert.equal((await ask("oidc.us-east-1.amazonaws.com.cn")).status, 421);
  });
});
