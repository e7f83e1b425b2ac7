import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { mock } from "node:test";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsClient } from "../../../token/aws/aws-client.ts";
import { awsError } from "../../../token/aws/aws-error.ts";
import { USUAL } from "../../../token/endpoints/endpoints.ts";
import type { Env } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { httpClient } from "../../../token/net/http-client.ts";
import { onPosix } from "../../support/platform.ts";

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("a proxy that is down", () => {
  const URL_OF_SERVER = new URL("https://vouch.example.test/health");
  const ask = (env: Env, limits: { connectMs?: number; totalMs?: number } = {}) =>
    httpClient({ env, caBundle: undefined, clock: Date.now, ...limits })({
      method: "GET",
      url: URL_OF_SERVER,
      headers: {},
    });
  const failure = async (work: Promise<unknown>): Promise<VouchError> => {
    const error = await work.then(
      () => assert.fail("it answered"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof VouchError, String(error));
    assert.equal(error.exit, 4);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /CANARY/);
    return error;
  };

  for (const variable of ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]) {
    onPosix("shell", `is named with its address and ${variable}, and not the host behind it`, async () => {
      const port = await closedPort();
      const { message, hint, code } = await failure(
        ask({ [variable]: `http://ada:CANARY@127.0.0.1:${port}` }),
      );
      assert.deepEqual(
        { message, hint, code },
        {
          code: "server-unreachable",
          message: `The proxy http://127.0.0.1:${port} of ${variable} does not answer: connection refused.`,
          hint: `Start it or connect without it: \`unset ${variable}\`. To bypass it only for some hosts, list them in NO_PROXY.`,
        },
      );
    });
  }

  it("is named where its name is unknown", async () => {
    const { message } = await failure(ask({ HTTPS_PROXY: "proxy.invalid:3128" }));
    assert.match(
      message,
      /^The proxy http:\/\/proxy\.invalid:3128 of HTTPS_PROXY does not answer: (?:no such host|its host cannot be looked up: the DNS server did not answer)\.$/,
    );
  });

  describe("and takes connections all the same", () => {
    let server: net.Server;
    let respond: (socket: net.Socket) => void;
    const address = () => `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    beforeEach(async () => {
      server = net.createServer((socket) => respond(socket)).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    afterEach(() => {
      mock.timers.reset();
      server.close();
    });

    it("is named when it says nothing", async () => {
      const sockets: net.Socket[] = [];
      respond = (socket) => sockets.push(socket);
      const limits = { connectMs: 200, totalMs: 5000 };
      const { message } = await failure(ask({ HTTPS_PROXY: `http://${address()}` }, limits));
      for (const socket of sockets) socket.destroy();
      assert.equal(
        message,
        `The proxy http://${address()} of HTTPS_PROXY does not answer: timed out after 0.2 s.`,
      );
    });

    it("is named when it hangs up", async () => {
      respond = (socket) => socket.destroy();
      const { message } = await failure(ask({ HTTPS_PROXY: `http://${address()}` }));
      assert.equal(
        message,
        `The proxy http://${address()} of HTTPS_PROXY does not answer: it closed the connection.`,
      );
    });

    it("is named when it speaks no HTTP", async () => {
      respond = (socket) => socket.end("SSH-2.0-OpenSSH\r\n\r\n");
      const { message } = await failure(ask({ HTTPS_PROXY: `http://${address()}` }));
      assert.match(
        message,
        /^The proxy \S+ of HTTPS_PROXY answered with a response that is not HTTP \(HPE_\w+\)\.$/,
      );
    });

    it("is named when it speaks no TLS though its address says so", async () => {
      respond = (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      const { message } = await failure(ask({ HTTPS_PROXY: `https://${address()}` }));
      assert.match(message, /^The proxy https:\/\/\S+ of HTTPS_PROXY does not answer: .+\.$/);
    });

    it("is named when it refuses the host, which is named too", async () => {
      respond = (socket) => socket.once("data", () => socket.end("HTTP/1.1 407 No\r\n\r\n"));
      const { message, hint } = await failure(ask({ HTTPS_PROXY: `http://${address()}` }));
      assert.equal(
        message,
        `The proxy http://${address()} of HTTPS_PROXY answered HTTP 407 to a request to connect to vouch.example.test.`,
      );
      assert.equal(hint, "Check HTTPS_PROXY or add vouch.example.test to NO_PROXY.");
    });

    it("is not blamed for a host behind it that says nothing", async () => {
      mock.timers.enable({ apis: ["setTimeout"] });
      respond = (socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          socket.once("data", () => mock.timers.tick(200));
        });
      };
      const limits = { connectMs: 200, totalMs: 5000 };
      const { message } = await failure(ask({ HTTPS_PROXY: `http://${address()}` }, limits));
      assert.equal(message, "vouch.example.test did not accept a connection within 0.2 s.");
    });
  });

  it("is named by calls of AWS too", async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${await closedPort()}` };
    const sts = awsClient(STSClient, "sts", {
      region: "us-east-1",
      env,
      endpoints: USUAL,
      credentials: {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "canary",
        sessionToken: "canary",
        expires: Date.now() + 1e6,
      },
    });
    const call = { action: "sts:GetCallerIdentity", subject: "me", region: "us-east-1" };
    const { message } = await failure(
      sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
        throw awsError(error, call);
      }),
    );
    assert.equal(message, `The proxy ${env.HTTPS_PROXY} of HTTPS_PROXY does not answer: connection refused.`);
  });
});
