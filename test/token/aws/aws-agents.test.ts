import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { awsAgents } from "../../../token/aws/aws-agents.ts";
import { TunnelAgent } from "../../../token/net/tunnel-agent.ts";

describe("awsAgents", () => {
  const aws = new URL("https://sts.us-east-1.amazonaws.com/");

  it("is an https agent that keeps nothing alive for AWS", () => {
    const agents = awsAgents({}, aws);
    assert.ok("httpsAgent" in agents && agents.httpsAgent instanceof https.Agent);
    assert.equal(agents.httpsAgent.options.keepAlive, false);
  });

  it("is a plain agent for a plain address", () => {
    const agents = awsAgents({}, new URL("http://localhost:4566/"));
    assert.ok("httpAgent" in agents && agents.httpAgent instanceof http.Agent);
  });

  it("goes through the proxy of the environment", () => {
    const agents = awsAgents({ HTTPS_PROXY: "http://proxy.example.com:3128" }, aws);
    assert.ok("httpsAgent" in agents && agents.httpsAgent instanceof TunnelAgent);
    assert.equal(agents.httpsAgent.proxy.href, "http://proxy.example.com:3128/");
  });

  it("reads AWS's own CA variable, and not that of the Vouch server", () => {
    assert.ok(awsAgents({ VOUCH_CA_BUNDLE: "/nowhere" }, aws));
    assert.throws(() => awsAgents({ AWS_CA_BUNDLE: "/nowhere" }, aws), { code: "config-invalid" });
  });
});
