import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import os from "node:os";
import {
  type CallbackServer,
  startCallbackServer,
} from "../../../../token/aws/identity-center/callback-server.ts";
import { fetched } from "./center-lab.ts";

const STATE = "canary-state";

describe("the server that takes the answer to a login", () => {
  let server: CallbackServer;
  beforeEach(async () => {
    server = await startCallbackServer(STATE);
  });
  afterEach(() => server.close("failed"));

  const wait = (ms = 60_000, signal = new AbortController().signal) => server.wait({ ms, signal });
  const get = (query: string, options: Parameters<typeof fetched>[2] = {}) =>
    fetched(`${server.redirectUri}${query}`, "", options);

  it("takes a code with its state, and shows how it all ended", async () => {
    const shown = get(`?code=canary-code&state=${STATE}`);
    assert.deepEqual(await wait(), { code: "canary-code" });
    await server.close("done");
    const { status, text, headers } = await shown;
    assert.equal(status, 200);
    assert.match(text, /You are logged in/);
    assert.doesNotMatch(text, /canary/);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["referrer-policy"], "no-referrer");
  });

  it("takes an error with its state", async () => {
    const shown = get(`?error=access_denied&state=${STATE}`);
    assert.deepEqual(await wait(), { refused: "access_denied" });
    await server.close("failed");
    assert.match((await shown).text, /You are not logged in/);
  });

  /** A connection of another user: the system takes its owner from whoever opens it. */
  const connectedAs = async (uid: number) => {
    process.seteuid?.(uid);
    try {
      return await connected();
    } finally {
      process.seteuid?.(0);
    }
  };

  const connected = async () => {
    const socket = net.connect(Number(new URL(server.redirectUri).port), "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };

  it("takes a code although others hold connections open, and ends none that waits for its page", async () => {
    const idle = [];
    for (let count = 0; count < 40; count += 1) idle.push(await connected());
    const shown = get(`?code=canary-code&state=${STATE}`);
    assert.deepEqual(await wait(), { code: "canary-code" });
    for (let count = 0; count < 40; count += 1) idle.push(await connected());
    await server.close("done");
    assert.equal((await shown).status, 200);
    for (const socket of idle) socket.destroy();
  });

  const strange: Readonly<Record<string, readonly [query: string, options?: Parameters<typeof fetched>[2]]>> =
    {
      "without a state": ["?code=x"],
      "with another state": ["?code=x&state=canary-other"],
      "with a state of the same length": ["?code=x&state=canary-stats"],
      "with two states": [`?code=x&state=${STATE}&state=y`],
      "with two codes": [`?code=x&code=y&state=${STATE}`],
      "with neither code nor error": [`?state=${STATE}`],
      "with an empty code": [`?code=&state=${STATE}`],
      "with an error and without a state": ["?error=access_denied"],
      "below its path": [`/x?code=x&state=${STATE}`],
      "by POST": [`?code=x&state=${STATE}`, { method: "POST" }],
      "by HEAD": [`?code=x&state=${STATE}`, { method: "HEAD" }],
      "by another name": [`?code=x&state=${STATE}`, { headers: { host: "evil.example" } }],
      "by the name localhost": [`?code=x&state=${STATE}`, { headers: { host: "localhost:1" } }],
      "with markup": [`?code=<script>x</script>&state=<b>`],
    };
  for (const [what, [query, options]] of Object.entries(strange))
    it(`refuses what comes ${what}, and goes on waiting`, async () => {
      const { status, text } = await get(query, options);
      assert.equal(status, 400);
      assert.doesNotMatch(text, /script|canary|access_denied/);
      const shown = get(`?code=canary-code&state=${STATE}`);
      assert.deepEqual(await wait(), { code: "canary-code" });
      await server.close("done");
      await shown;
    });

  // Only root can act as somebody else.
  if (process.getuid?.() === 0 && process.platform === "linux")
    it("refuses the answer of another user of the machine, says so to him, and goes on waiting", async () => {
      const { pathname, host } = new URL(server.redirectUri);
      const request = `GET ${pathname}?code=evil&state=${STATE} HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
      const socket = await connectedAs(65534);
      let said = "";
      socket.on("data", (chunk) => {
        said += String(chunk);
      });
      socket.write(request);
      await once(socket, "close");
      assert.match(said, /^HTTP\/1.1 400 [\s\S]*This login belongs to a different user/);
      const hasty = await connectedAs(65534);
      hasty.end(request);
      await once(hasty.resume(), "close");
      const shown = get(`?code=canary-code&state=${STATE}`);
      assert.deepEqual(await wait(), { code: "canary-code" });
      await server.close("done");
      await shown;
    });

  it("refuses another path", async () => {
    const { origin } = new URL(server.redirectUri);
    assert.equal((await fetched(`${origin}/?code=x&state=${STATE}`, "")).status, 400);
  });

  it("refuses a second answer", async () => {
    const shown = get(`?code=canary-code&state=${STATE}`);
    await wait();
    assert.equal((await get(`?code=canary-two&state=${STATE}`)).status, 400);
    await server.close("done");
    assert.match((await shown).text, /You are logged in/);
  });

  it("ends although the browser has gone away", async () => {
    const { port, pathname } = new URL(server.redirectUri);
    const socket = net.connect(Number(port), "127.0.0.1");
    const query = `code=canary-code&state=${STATE}`;
    socket.write(`GET ${pathname}?${query} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    await wait();
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await gone;
    await server.close("done");
  });

  it("listens at one address of this machine alone", async () => {
    const others = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);
    // On Linux every address that begins so is this machine's.
    if (process.platform === "linux") others.push("127.0.0.2");
    const port = Number(new URL(server.redirectUri).port);
    for (const address of others) {
      const refused = new Promise((resolve) => {
        net.connect(port, address, () => resolve("it is answered")).once("error", resolve);
      });
      assert.match(String(await refused), /ECONNREFUSED/);
    }
  });

  it("waits no longer than it is told to, and not once it is interrupted", async () => {
    assert.equal(await wait(20), undefined);
    await assert.rejects(wait(60_000, AbortSignal.abort()), { code: "interrupted" });
  });

  it("talks with sixteen at a time, and hangs up on the oldest when there is one more", async () => {
    const oldest = (await connected()).resume();
    const gone = new Promise((resolve) => oldest.once("close", resolve));
    const held: net.Socket[] = [];
    for (let n = 0; n < 16; n += 1) held.push(await connected());
    await gone;
    const answers = held.map((socket) => new Promise((resolve) => socket.once("data", resolve)));
    for (const socket of held) socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    for (const answer of await Promise.all(answers)) assert.match(String(answer), /^HTTP\/1\.1 400 /);
    for (const socket of held) socket.destroy();
  });

  it("ends although somebody holds a connection", async () => {
    const { port } = new URL(server.redirectUri);
    const socket = net.connect(Number(port), "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.on("error", () => undefined);
    const gone = new Promise((resolve) => socket.once("close", resolve));
    await server.close("failed");
    await gone;
  });
});
