import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Env } from "../../../token/env.ts";
import { httpsAgent } from "../../../token/net/https-agent.ts";
import { connectProxy } from "./connect-proxy.ts";
import { type ScriptedServer, scriptedServer } from "./scripted-server.ts";

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe("httpsAgent", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await scriptedServer({ names: ["localhost", "sts.example.test"] });
  });
  afterEach(() => server.close());

  const askSts = async (endpoint: string, env: Env) => {
    const agent = httpsAgent({ env, caVariable: "AWS_CA_BUNDLE", target: new URL(endpoint) });
    assert.ok(agent instanceof https.Agent || agent instanceof http.Agent);
    const sts = new STSClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "canary" },
      maxAttempts: 1,
      requestHandler: { httpsAgent: agent as https.Agent },
    });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    return Arn;
  };

  it("serves the AWS SDK with the roots of AWS_CA_BUNDLE", async () => {
    server.expect({ on: "POST /", reply: { status: 200, body: IDENTITY } });
    const env = { AWS_CA_BUNDLE: server.env["VOUCH_CA_BUNDLE"] };
    assert.equal(await askSts(server.url, env), "arn:aws:iam::111122223333:user/ada");
    await assert.rejects(askSts(server.url, { VOUCH_CA_BUNDLE: env.AWS_CA_BUNDLE }), {
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
    server.done();
  });

  it("serves the AWS SDK through a proxy", async () => {
    const proxy = await connectProxy({ port: Number(new URL(server.url).port) });
    server.expect({ on: "POST /", reply: { status: 200, body: IDENTITY } });
    const env = { AWS_CA_BUNDLE: server.env["VOUCH_CA_BUNDLE"], HTTPS_PROXY: proxy.url };
    const arn = await askSts("https://sts.example.test", env);
    const { asked } = proxy;
    await proxy.close();

    assert.equal(arn, "arn:aws:iam::111122223333:user/ada");
    assert.deepEqual(asked, [{ target: "sts.example.test:443", authorization: undefined }]);
    server.done();
  });

  it("keeps no connection alive", () => {
    const target = new URL("https://vouch.example.test");
    for (const env of [{}, { HTTPS_PROXY: "http://proxy.example.test" }]) {
      const agent = httpsAgent({ env, caVariable: "VOUCH_CA_BUNDLE", target });
      assert.equal("keepAlive" in agent && agent.keepAlive, false);
    }
  });

  it("refuses a CA bundle that cannot be read before anything is sent", () => {
    const target = new URL("https://vouch.example.test");
    const env = { AWS_CA_BUNDLE: "/nowhere/ca.pem" };
    assert.throws(() => httpsAgent({ env, caVariable: "AWS_CA_BUNDLE", target }), { code: "config-invalid" });
  });
});
