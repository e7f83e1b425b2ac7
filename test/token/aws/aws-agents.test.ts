import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { awsAgents } from "../../../token/aws/aws-agents.ts";
import { TunnelAgent } from "../../../token/net/tunnel-agent.ts";

describe("awsAgents", () => {
  const aws = new URL("https://sts.us-east-1.amazonaws.com/");

  it("is an https agent that keeps nothing alive for AWS", () => {
    const agents = awsAgents({ env: {}, target: aws, caBundle: undefined });
    assert.ok("httpsAgent" in agents && agents.httpsAgent instanceof https.Agent);
    assert.equal(agents.httpsAgent.options.keepAlive, false);
  });

  it("is a plain agent for a plain address", () => {
    const agents = awsAgents({
      env: {},
      target: new URL("http://localhost:4566/"),
      caBundle: undefined,
    });
    assert.ok("httpAgent" in agents && agents.httpAgent instanceof http.Agent);
  });

  it("goes through the proxy of the environment", () => {
    const agents = awsAgents({
      env: { HTTPS_PROXY: "http://proxy.example.com:3128" },
      target: aws,
      caBundle: undefined,
    });
    assert.ok("httpsAgent" in agents && agents.httpsAgent instanceof TunnelAgent);
    assert.equal(agents.httpsAgent.proxy.href, "http://proxy.example.com:3128/");
  });

  it("takes authorities from nobody but its caller", () => {
    const env = { VOUCH_CA_BUNDLE: "/nowhere", AWS_CA_BUNDLE: "/nowhere" };
    assert.ok(awsAgents({ env, target: aws, caBundle: undefined }));
    assert.throws(() => awsAgents({ env: {}, target: aws, caBundle: "/nowhere" }), {
      code: "config-invalid",
    });
  });
});
