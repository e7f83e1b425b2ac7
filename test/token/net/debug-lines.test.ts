import assert from "node:assert/strict";
import { httpClient } from "../../../token/net/http-client.ts";
import { debugLinesOf } from "../../support/debug-lines.ts";
import { type ConnectProxy, connectProxy } from "./connect-proxy.ts";
import { type ScriptedServer, scriptedServer } from "./scripted-server.ts";

describe("the debug line of a request", () => {
  let server: ScriptedServer;
  let proxy: ConnectProxy | undefined;
  before(async () => {
    server = await scriptedServer();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });
  after(() => server.close());

  const client = (env = {}) => httpClient({ env, caBundle: server.caFile, clock: Date.now });

  it("has method, address, status and time, and nothing of query, headers and body", async () => {
    server.expect({ on: "GET /v1/token", reply: { status: 201, body: "the answer" } });
    const url = new URL("/v1/token?role_arn=x&X-Amz-Signature=0123", server.url);
    const lines = await debugLinesOf(() =>
      client()({ method: "GET", url, headers: { authorization: "DPoP x" } }),
    );
    assert.deepEqual(lines.slice(1), [`GET ${server.url}/v1/token → 201 in N ms`]);
    assert.match(lines[0] ?? "", /^read .*ca\.pem \(\d+ B\)$/);
  });

  for (const [where, path, body] of [
    ["the body", "/", "Version=2011-06-15&Action=AssumeRole&WebIdentityToken=eyJx"],
    ["the query", "/?Action=AssumeRole&X-Amz-Signature=0123", undefined],
  ] as const)
    it(`has AWS's action, out of ${where}`, async () => {
      server.expect({ on: "POST /", reply: { status: 403 } });
      const url = new URL(path, server.url);
      const lines = await debugLinesOf(() => client()({ method: "POST", url, headers: {}, body }));
      assert.equal(lines.at(-1), `POST ${server.url}/ AssumeRole → 403 in N ms`);
    });

  it("says why there is no answer", async () => {
    server.expect({ on: "GET /", reply: "drop" });
    const asking = () => client()({ method: "GET", url: new URL(server.url), headers: {} });
    const lines = await debugLinesOf(() => assert.rejects(asking()));
    assert.equal(lines.at(-1), `GET ${server.url}/ → failed in N ms: socket hang up`);
  });

  it("names the proxy on the way, without its password", async () => {
    const { port } = new URL(server.url);
    proxy = await connectProxy({ port: Number(port), refusal: "HTTP/1.1 407 Who are you?\r\n\r\n" });
    const { host } = new URL(proxy.url);
    const asking = () =>
      client({ HTTPS_PROXY: `http://ada:hunter2@${host}` })({
        method: "GET",
        url: new URL(`https://us.vouch.sh:${port}`),
        headers: {},
      });
    const lines = await debugLinesOf(() => assert.rejects(asking()));
    assert.equal(lines[1], `CONNECT us.vouch.sh:${port} at the proxy ${host} → 407 in N ms`);
    assert.doesNotMatch(lines.join(), /hunter2|ada/);
  });
});
