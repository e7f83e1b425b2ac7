import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { sts } from "../../../token/aws/sts.ts";
import type { Endpoints } from "../../../token/endpoints/endpoints.ts";
import type { Env } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { AWS_LIMITS, type AwsLimits } from "../../../token/net/limits.ts";
import { closedPort } from "../../lab/loopback.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { connectProxy } from "../net/connect-proxy.ts";
import { type Reply, type ScriptedServer, scriptedServer } from "../net/scripted-server.ts";

const ROLE = "arn:aws:iam::111122223333:role/dev";
const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
const ONCE: AwsLimits = { ...AWS_LIMITS, attempts: 1, totalMs: 5000 };

const CREDENTIALS: AwsCredentials = {
  accessKeyId: "ASIACANARYKEY0000001",
  secretAccessKey: "canary-secret",
  sessionToken: "canary-session",
  expires: Date.parse("2026-01-15T13:00:00Z"),
};
const XML_CREDENTIALS =
  "<Credentials><AccessKeyId>ASIACANARYKEY0000001</AccessKeyId><SecretAccessKey>canary-secret</SecretAccessKey>" +
  "<SessionToken>canary-session</SessionToken><Expiration>2026-01-15T13:00:00Z</Expiration></Credentials>";

function xml(status: number, body: string): Reply {
  return { status, headers: { "content-type": "text/xml" }, body };
}

function answered(action: string, result: string): Reply {
  return xml(
    200,
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>6f1c</RequestId></ResponseMetadata></${action}Response>`,
  );
}

function refused(status: number, code: string, message: string): Reply {
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>6f1c</RequestId></ErrorResponse>`,
  );
}

const SIGNED_EARLY = "Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z";
const SIGNED_LATE = "Signature not yet current: 20260115T130000Z is still later than 20260115T121500Z";

/** Status, code and text. */
type Refusal = readonly [status: number, awsCode: string, text: string];

const rows = (byCode: Readonly<Record<string, readonly Refusal[]>>) =>
  Object.entries(byCode).flatMap(([code, refusals]) =>
    refusals.map((refusal) => [code, ...refusal] as const),
  );

const bundleOf = (server: ScriptedServer): Endpoints => ({ awsCaBundle: server.caFile });
const at = (url: string, server: ScriptedServer) => ({
  env: {},
  endpoints: { stsEndpoint: url, ...bundleOf(server) },
});

const step = (reply: Reply | "silence" | "drop") => ({ on: "POST /", reply });

describe("sts", () => {
  let server: ScriptedServer;
  let place: { readonly env: Env; readonly endpoints: Endpoints };
  let host = "";

  before(async () => {
    server = await scriptedServer();
    place = at(server.url, server);
    host = new URL(server.url).host;
  });
  after(() => server.close());
  afterEach(() => server.done());

  const lastForm = () => Object.fromEntries(new URLSearchParams(server.requests.at(-1)?.body));
  const signature = () => server.requests.at(-1)?.headers.authorization;
  const assume = (limits?: AwsLimits) =>
    sts("us-east-1", limits === undefined ? place : { ...place, limits }).assumeWithWebIdentity({
      roleArn: ROLE,
      sessionName: "ada@example.com",
      idToken: "canary.id.token",
    });
  const chain = (limits?: AwsLimits) =>
    sts("us-east-1", limits === undefined ? place : { ...place, limits }).assumeRole({
      roleArn: ROLE,
      sessionName: "ada@example.com",
      by: CREDENTIALS,
    });

  describe("assumeWithWebIdentity", () => {
    it("sends the token unsigned, without a duration and without tags", async () => {
      server.expect(step(answered("AssumeRoleWithWebIdentity", XML_CREDENTIALS)));
      assert.deepEqual(await assume(), CREDENTIALS);
      assert.deepEqual(lastForm(), {
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: ROLE,
        RoleSessionName: "ada@example.com",
        WebIdentityToken: "canary.id.token",
      });
      assert.equal(signature(), undefined);
    });

    it("sends the policies that narrow the session", async () => {
      server.expect(step(answered("AssumeRoleWithWebIdentity", XML_CREDENTIALS)));
      await sts("us-east-1", place).assumeWithWebIdentity({
        roleArn: ROLE,
        sessionName: "ada",
        idToken: "x",
        policies: { managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"], inline: "{}" },
      });
      const { "PolicyArns.member.1.arn": managed, Policy: inline } = lastForm();
      assert.deepEqual([managed, inline], ["arn:aws:iam::aws:policy/ReadOnlyAccess", "{}"]);
    });

    for (const part of ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]) {
      it(`refuses an answer without ${part}`, async () => {
        const credentials = XML_CREDENTIALS.replace(new RegExp(`<${part}>.*</${part}>`), "");
        server.expect(step(answered("AssumeRoleWithWebIdentity", credentials)));
        await assert.rejects(assume(), {
          code: "aws-failed",
          message: `The response to sts:AssumeRoleWithWebIdentity on ${ROLE} does not contain credentials.`,
        });
      });
    }

    it("refuses an answer without credentials", async () => {
      server.expect(step(answered("AssumeRoleWithWebIdentity", "")));
      await assert.rejects(assume(), { code: "aws-failed" });
    });
  });

  describe("assumeRole", () => {
    it("signs with the credentials of the hop before, for one hour, the longest a chain gets", async () => {
      server.expect(step(answered("AssumeRole", XML_CREDENTIALS)));
      assert.deepEqual(await chain(), CREDENTIALS);
      assert.deepEqual(lastForm(), {
        Action: "AssumeRole",
        Version: "2011-06-15",
        RoleArn: ROLE,
        RoleSessionName: "ada@example.com",
        DurationSeconds: "3600",
      });
      assert.match(
        signature() ?? "",
        /^AWS4-HMAC-SHA256 Credential=ASIACANARYKEY0000001\/\d{8}\/us-east-1\/sts\/aws4_request, /,
      );
      assert.equal(server.requests.at(-1)?.headers["x-amz-security-token"], "canary-session");
    });
  });

  describe("callerIdentity", () => {
    it("tells who the credentials are", async () => {
      const arn = "arn:aws:sts::111122223333:assumed-role/dev/ada@example.com";
      server.expect(
        step(
          answered(
            "GetCallerIdentity",
            `<Arn>${arn}</Arn><UserId>AROAX:ada@example.com</UserId><Account>111122223333</Account>`,
          ),
        ),
      );
      assert.deepEqual(await sts("us-east-1", place).callerIdentity(CREDENTIALS), {
        arn,
        account: "111122223333",
        userId: "AROAX:ada@example.com",
      });
    });

    it("names the call when it is refused", async () => {
      server.expect(
        step(refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.")),
      );
      await assert.rejects(sts("us-east-1", { ...place, limits: ONCE }).callerIdentity(CREDENTIALS), {
        code: "aws-credentials-refused",
        message:
          `AWS rejected sts:GetCallerIdentity on the session (${host}): ` +
          "InvalidClientTokenId: The security token included in the request is invalid.",
      });
    });
  });

  describe("refusals", () => {
    const who = "arn:aws:sts::111122223333:assumed-role/hub/ada@example.com";
    /** What STS answers to a web identity, by the code that we give it. */
    const web: Readonly<Record<string, readonly Refusal[]>> = {
      "role-not-trusted": [
        [403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"],
        [
          400,
          "InvalidIdentityToken",
          "No OpenIDConnect provider found in your account for https://us.vouch.sh",
        ],
        [400, "InvalidIdentityToken", "Incorrect token audience"],
        [403, "IDPRejectedClaim", "The claim was rejected."],
      ],
      "aws-credentials-refused": [
        [400, "ExpiredTokenException", "Token expired: current date/time 1 must be before 2"],
      ],
      "token-too-long": [
        [400, "PackedPolicyTooLarge", "Packed size of session tags consumes 110% of allotted space."],
      ],
      "aws-denied": [
        [403, "RegionDisabledException", "STS is not activated in this region for account:111122223333."],
        [403, "SomethingNew", "No."],
      ],
      "config-invalid": [[400, "ValidationError", "Request ARN is invalid"]],
      "aws-throttled": [[400, "Throttling", "Rate exceeded"]],
      "aws-failed": [
        [400, "IDPCommunicationError", "Could not reach the provider."],
        [400, "MalformedPolicyDocument", "Syntax errors in policy."],
        [500, "InternalFailure", "The request processing has failed."],
        [503, "ServiceUnavailable", "Service is unavailable."],
      ],
    };
    for (const [code, status, awsCode, text] of rows(web)) {
      it(`are ${code} for ${awsCode}: ${text}`, async () => {
        server.expect(step(refused(status, awsCode, text)));
        await assert.rejects(assume(ONCE), (error) => {
          assert.ok(error instanceof VouchError);
          assert.equal(error.code, code);
          // The SDK gives some errors the name of its class: the code with `Exception` behind it.
          const told = error.message.replace(`${awsCode}Exception: `, `${awsCode}: `);
          const end = text.endsWith(".") ? "" : ".";
          assert.equal(
            told,
            `AWS rejected sts:AssumeRoleWithWebIdentity on ${ROLE} (${host}): ${awsCode}: ${text}${end}`,
          );
          assert.ok(!JSON.stringify([error.message, error.hint, error.stack]).includes("canary"));
          return true;
        });
      });
    }

    /** The same to a hop of a chain. */
    const role: Readonly<Record<string, readonly Refusal[]>> = {
      "role-denied": [
        [
          403,
          "AccessDenied",
          `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
        ],
      ],
      "aws-credentials-refused": [
        [403, "ExpiredToken", "The security token included in the request is expired"],
        [403, "InvalidClientTokenId", "The security token included in the request is invalid."],
        [403, "SignatureDoesNotMatch", "The request signature we calculated does not match."],
      ],
      "clock-skewed": [
        [403, "SignatureDoesNotMatch", SIGNED_EARLY],
        [403, "SignatureDoesNotMatch", SIGNED_LATE],
        [403, "RequestExpired", "Request has expired."],
      ],
    };
    for (const [code, status, awsCode, text] of rows(role)) {
      it(`of a chain are ${code} for ${awsCode}: ${text}`, async () => {
        server.expect(step(refused(status, awsCode, text)));
        await assert.rejects(chain(ONCE), { code });
      });
    }
  });

  describe("trouble on the way", () => {
    it("tries throttled calls and failures of the server again", async () => {
      server.expect(
        step(refused(400, "Throttling", "Rate exceeded")),
        step(refused(500, "InternalFailure", "The request processing has failed.")),
        step(answered("AssumeRoleWithWebIdentity", XML_CREDENTIALS)),
      );
      assert.deepEqual(await assume(), CREDENTIALS);
    });

    it("gives up after three tries", async () => {
      server.expect(...Array.from({ length: 3 }, () => step(refused(500, "InternalFailure", "No."))));
      await assert.rejects(assume(), { code: "aws-failed" });
    });

    it("does not try a refusal again", async () => {
      server.expect(step(refused(403, "AccessDenied", "No.")));
      await assert.rejects(assume(), { code: "role-not-trusted" });
    });

    it("waits no longer than its limit for an answer", async () => {
      // Its own: on a busy machine the limit is over before the request arrives.
      const silent = await scriptedServer();
      silent.expect(step("silence"));
      const limits = { ...ONCE, totalMs: 100 };
      const asked = sts("us-east-1", { ...at(silent.url, silent), limits }).assumeRole({
        roleArn: ROLE,
        sessionName: "ada",
        by: CREDENTIALS,
      });
      await assert.rejects(asked, { code: "aws-unreachable", message: /did not answer within 0\.1 s\.$/ });
      await silent.close();
    });

    it("tells a connection that is cut from a refusal", async () => {
      server.expect(step("drop"));
      await assert.rejects(assume(ONCE), {
        code: "aws-unreachable",
        message: `No response to sts:AssumeRoleWithWebIdentity on ${ROLE} (${host}): socket hang up.`,
      });
    });

    it("takes an answer that is no XML for a failure of AWS", async () => {
      server.expect(step({ status: 200, body: "<html>Log in to the hotel's network" }));
      await assert.rejects(assume(ONCE), { code: "aws-failed" });
    });

    for (const name of ["127.0.0.1", "localhost"]) {
      it(`tells that nobody listens at ${name}`, async () => {
        const port = await closedPort();
        const elsewhere = { env: {}, endpoints: { stsEndpoint: `http://${name}:${port}` } };
        const call = sts("us-east-1", { ...elsewhere, limits: ONCE }).callerIdentity(CREDENTIALS);
        await assert.rejects(call, {
          code: "aws-unreachable",
          message: /^No response to sts:GetCallerIdentity on the session \(.+\): .*ECONNREFUSED.*\.$/,
        });
      });
    }

    it("refuses a certificate that only a recorded bundle would make good", async () => {
      const untrusting = { env: {}, endpoints: { stsEndpoint: server.url } };
      const call = sts("us-east-1", { ...untrusting, limits: ONCE }).callerIdentity(CREDENTIALS);
      await assert.rejects(call, { code: "aws-untrusted" });
    });

    it("refuses a good certificate of another name", async () => {
      const other = await scriptedServer({ names: ["sts.example.com"] });
      const there = at(other.url, other);
      try {
        await assert.rejects(sts("us-east-1", { ...there, limits: ONCE }).callerIdentity(CREDENTIALS), {
          code: "aws-untrusted",
        });
        other.done();
      } finally {
        await other.close();
      }
    });

    it("goes through the proxy of HTTPS_PROXY to AWS, and trusts the recorded bundle there", async () => {
      const aws = await scriptedServer({ names: ["sts.us-east-1.amazonaws.com"] });
      const proxy = await connectProxy({ port: Number(new URL(aws.url).port) });
      const behind = { env: { HTTPS_PROXY: proxy.url }, endpoints: bundleOf(aws) };
      try {
        aws.expect(step(answered("AssumeRole", XML_CREDENTIALS)));
        const hop = { roleArn: ROLE, sessionName: "ada", by: CREDENTIALS };
        assert.deepEqual(await sts("us-east-1", { ...behind, limits: ONCE }).assumeRole(hop), CREDENTIALS);
        assert.deepEqual(proxy.asked, [
          { target: "sts.us-east-1.amazonaws.com:443", authorization: undefined },
        ]);
        aws.done();
      } finally {
        await proxy.close();
        await aws.close();
      }
    });

    it("takes a proxy that refuses for an unreachable server, not for an answer of AWS", async () => {
      const proxy = await connectProxy({
        port: 1,
        refusal: "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
      });
      try {
        await assert.rejects(
          sts("us-east-1", { env: { HTTPS_PROXY: proxy.url }, endpoints: {}, limits: ONCE }).callerIdentity(
            CREDENTIALS,
          ),
          {
            code: "server-unreachable",
            hint: "Check HTTPS_PROXY or add sts.us-east-1.amazonaws.com to NO_PROXY.",
          },
        );
      } finally {
        await proxy.close();
      }
    });

    it("names a CA bundle that is not there", async () => {
      const wrong = { ...place, endpoints: { ...place.endpoints, awsCaBundle: "/nowhere/ca.pem" } };
      await assert.rejects(sts("us-east-1", wrong).callerIdentity(CREDENTIALS), {
        code: "config-invalid",
        message: /^Cannot use CA bundle \/nowhere\/ca\.pem: file not found\.$/,
      });
    });
  });

  describe("what the SDK would find for itself", () => {
    const folder = tempFolder();
    const saved = { ...process.env };
    afterEach(() => {
      for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
      Object.assign(process.env, saved);
    });

    it("changes nothing: neither FIPS nor dual-stack nor another endpoint nor a profile", async () => {
      const file = path.join(folder(), "config");
      writeFileSync(
        file,
        "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\nretry_mode = nonsense\n" +
          "endpoint_url = https://localhost:1\nauth_scheme_preference = sigv4a\ndisable_clock_skew_correction = nonsense\n",
      );
      Object.assign(process.env, {
        AWS_CONFIG_FILE: file,
        AWS_SHARED_CREDENTIALS_FILE: file,
        AWS_USE_FIPS_ENDPOINT: "true",
        AWS_USE_DUALSTACK_ENDPOINT: "true",
        AWS_MAX_ATTEMPTS: "nonsense",
        AWS_PROFILE: "missing",
        AWS_ACCESS_KEY_ID: "AKIAOFSOMEBODYELSE00",
        AWS_SECRET_ACCESS_KEY: "x",
      });
      server.expect(step(answered("AssumeRole", XML_CREDENTIALS)));
      assert.deepEqual(await chain(ONCE), CREDENTIALS);
      assert.match(signature() ?? "", /Credential=ASIACANARYKEY0000001\//);
      assert.match(String(server.requests.at(-1)?.headers["user-agent"]), /app\/kubectl-vouch/);
    });
  });
});
