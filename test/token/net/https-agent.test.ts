import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
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

  const askSts = async (endpoint: string, caBundle: string | undefined, env: Env = {}) => {
    const agent = httpsAgent({ env, caBundle, target: new URL(endpoint) });
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

  it("serves the AWS SDK with the roots of the bundle, and no others", async () => {
    server.expect({ on: "POST /", reply: { status: 200, body: IDENTITY } });
    assert.equal(await askSts(server.url, server.caFile), "arn:aws:iam::111122223333:user/ada");
    const env = { VOUCH_CA_BUNDLE: server.caFile, AWS_CA_BUNDLE: server.caFile };
    await assert.rejects(askSts(server.url, undefined, env), {
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
    server.done();
  });

  it("serves the AWS SDK through a proxy", async () => {
    const proxy = await connectProxy({ port: Number(new URL(server.url).port) });
    server.expect({ on: "POST /", reply: { status: 200, body: IDENTITY } });
    const arn = await askSts("https://sts.example.test", server.caFile, { HTTPS_PROXY: proxy.url });
    const { asked } = proxy;
    await proxy.close();

    assert.equal(arn, "arn:aws:iam::111122223333:user/ada");
    assert.deepEqual(asked, [{ target: "sts.example.test:443", authorization: undefined }]);
    server.done();
  });

  it("keeps no connection alive", () => {
    const target = new URL("https://vouch.example.test");
    for (const env of [{}, { HTTPS_PROXY: "http://proxy.example.test" }]) {
      const agent = httpsAgent({ env, caBundle: undefined, target });
      assert.equal("keepAlive" in agent && agent.keepAlive, false);
    }
  });

  it("refuses a CA bundle that cannot be read before anything is sent", () => {
    const target = new URL("https://vouch.example.test");
    assert.throws(() => httpsAgent({ env: {}, caBundle: "/nowhere/ca.pem", target }), {
      code: "config-invalid",
    });
  });

  it("reaches nobody else over plain http", () => {
    const agentFor = (target: string) =>
      httpsAgent({ env: {}, caBundle: undefined, target: new URL(target) });
    for (const target of ["http://sts.example.test", "http://127.0.0.2:80", "http://localhost.example.test"])
      assert.throws(() => agentFor(target), { code: "config-invalid" });
    assert.ok(agentFor("http://127.0.0.1:4566"));
  });

  it("asks no name server where localhost is", async () => {
    const agent = httpsAgent({ env: {}, caBundle: undefined, target: new URL("http://localhost") });
    const { lookup } = (agent as unknown as { readonly options: { readonly lookup: LookupFunction } })
      .options;
    const found = await new Promise((resolve) =>
      lookup("localhost", { all: true }, (_error, addresses) => resolve(addresses)),
    );
    assert.deepEqual(found, [
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
  });
});
