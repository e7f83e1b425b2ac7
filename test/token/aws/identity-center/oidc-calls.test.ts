import assert from "node:assert/strict";
import {
  createToken,
  registerClient,
  startDevice,
} from "../../../../token/aws/identity-center/oidc-calls.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { centerLab, START_URL } from "./center-lab.ts";

const CLIENT = {
  clientId: "client",
  clientSecret: "canary-secret",
  expires: Date.parse("2099-01-01T00:00:00Z"),
};
const PROOF = { grant: "refresh", refreshToken: "canary-refresh" } as const;
const TOKEN = { accessToken: "canary-access", expiresIn: 3600, tokenType: "Bearer" };

describe("the token service of Identity Center", () => {
  const lab = centerLab();
  const region = "us-east-1";
  const wish = { region, issuer: START_URL, scopes: ["sso:account:access"], way: "browser" } as const;
  const calls = {
    RegisterClient: () => registerClient(wish, lab().access()),
    StartDeviceAuthorization: () =>
      startDevice({ region, issuer: START_URL, client: CLIENT }, lab().access()),
    CreateToken: () => createToken({ region, client: CLIENT, proof: PROOF }, lab().access()),
  } as const;
  /** What AWS answers to everything, in this test. */
  function answer(status: number, body: object | string, headers: Record<string, string> = {}): void {
    lab().standIn.faults.takeover = (_request, response) => {
      response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
      return true;
    };
  }
  const STRANGE: readonly (readonly [keyof typeof calls, string, object | string])[] = [
    ["RegisterClient", "a page", "<html>hotel</html>"],
    ["RegisterClient", "no secret", { clientId: "x", clientSecretExpiresAt: 4e9 }],
    ["RegisterClient", "no end", { clientId: "x", clientSecret: "canary" }],
    [
      "RegisterClient",
      "an end beyond all years",
      { clientId: "x", clientSecret: "canary", clientSecretExpiresAt: 1e15 },
    ],
    [
      "RegisterClient",
      "an end that is a word",
      { clientId: "x", clientSecret: "canary", clientSecretExpiresAt: "soon" },
    ],
    [
      "StartDeviceAuthorization",
      "no code",
      { deviceCode: "canary", verificationUri: "https://x.awsapps.com/" },
    ],
    ["StartDeviceAuthorization", "a list", "[1]"],
    ["CreateToken", "a page", "<html>hotel</html>"],
    ["CreateToken", "no token", { ...TOKEN, accessToken: "" }],
    ["CreateToken", "a token of another kind", { ...TOKEN, accessToken: ["canary"] }],
    ["CreateToken", "no end", { ...TOKEN, expiresIn: undefined }],
    ["CreateToken", "an end in the past", { ...TOKEN, expiresIn: -1 }],
    ["CreateToken", "an end that is a word", { ...TOKEN, expiresIn: "3600" }],
    ["CreateToken", "an end beyond all years", { ...TOKEN, expiresIn: 1e300 }],
  ];
  for (const [operation, what, body] of STRANGE)
    it(`is not believed when it answers ${operation} with ${what}`, async () => {
      answer(200, body);
      const error = await calls[operation]().then(
        () => assert.fail("it was believed"),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof VouchError);
      assert.deepEqual([error.code, error.exit], ["aws-failed", 4]);
      assert.doesNotMatch(error.message, /canary/);
    });

  for (const operation of ["RegisterClient", "StartDeviceAuthorization"] as const)
    it(`says what to check if ${operation} is refused without a reason`, async () => {
      answer(400, { message: "Invalid request" }, { "x-amzn-errortype": "InvalidRequestException" });
      await assert.rejects(calls[operation](), {
        code: "aws-failed",
        hint: `Check the start URL and its region: AWS might not know ${START_URL} in us-east-1.`,
      });
    });

  for (const [what, status, body, headers, word] of [
    ["OAuth's word", 400, { error: "invalid_grant" }, {}, "invalid_grant"],
    [
      "the exception alone",
      400,
      {},
      { "x-amzn-errortype": "InvalidGrantException:http://x/" },
      "invalid_grant",
    ],
    ["the exception in the body", 400, { __type: "com.amazonaws.x#SlowDownException" }, {}, "slow_down"],
    ["a page of a proxy", 502, "<html>bad gateway</html>", {}, "http 502"],
    ["a redirect", 302, "", { location: "https://evil.example/" }, "http 302"],
  ] as const)
    it(`refuses by ${what}`, async () => {
      answer(status, body, headers);
      const created = await calls.CreateToken();
      assert.equal("refused" in created && created.refused, word);
    });

  it("is asked once only where what is shown is good once", async () => {
    let asked = 0;
    lab().standIn.faults.takeover = (_request, response) => {
      asked += 1;
      response.writeHead(503).end();
      return true;
    };
    await calls.CreateToken();
    assert.equal(asked, 1);
  });

  it("gets its secrets in the body, never in the address", async () => {
    const urls: string[] = [];
    lab().standIn.faults.takeover = ({ url = "", method }) => {
      urls.push(`${method} ${url}`);
      return false;
    };
    await calls.CreateToken();
    assert.deepEqual(urls, ["POST /token"]);
  });
});
