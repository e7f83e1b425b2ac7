import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, CREDENTIAL_WORDS, SETUP_WORDS } from "../../support/lab-words.ts";

/** A name that is not loopback, so that a proxy counts for it. */
const SERVER = "https://vouch.example.test";

describe("with a proxy that is down", () => {
  const desk = labDesk();
  let proxy = "";
  const env = (variable = "HTTPS_PROXY") => ({ [variable]: proxy, VOUCH_SERVER: undefined });
  const says = () => `proxy ${proxy} of HTTPS_PROXY does not answer: connection refused`;

  /** As if the person had logged in at that server, and nothing were cached. */
  const logIn = async () => {
    desk.logIn();
    allowClusterReads(desk.lab);
    await desk.run(SETUP_WORDS);
    const files = fs.readdirSync(desk.home, { recursive: true, encoding: "utf8" });
    for (const name of files) {
      const file = path.join(desk.home, name);
      if (!fs.statSync(file).isFile()) continue;
      if (/sessions\/[^/]+\/(?:aws|token)-|\/marks\//.test(name)) fs.rmSync(file);
      else fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(desk.lab.vouch.url, SERVER));
    }
  };

  beforeEach(async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    proxy = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    server.close();
    await once(server, "close");
  });

  for (const [what, words] of [
    ["login", ["login", "--server", SERVER]],
    ["setup eks", SETUP_WORDS],
    ["credential eks", [...CREDENTIAL_WORDS, "--server", SERVER]],
  ] as const) {
    it(`${what} names the proxy, not the host behind it`, async () => {
      if (what !== "login") await logIn();
      const { status, stdout, stderr } = await desk.run(words, { env: env(), terminal: "none" });
      assert.deepEqual({ status, stdout }, { status: 4, stdout: "" });
      assert.ok(stderr.includes(`error: The ${says()}. [server-unreachable]\n`), stderr);
      assert.doesNotMatch(stderr, /vouch\.example\.test cannot|No response to/);
    });
  }

  it("status says why the session could not be verified", async () => {
    await logIn();
    const { stdout } = await desk.run(["status"], { env: env() });
    assert.ok(stdout.includes(says()), stdout);
  });

  it("the doctor names the proxy as what is down", async () => {
    await logIn();
    const { status, stdout } = await desk.run(["doctor", "--context", "lab-vouch", "-o", "short"], {
      env: env(),
    });
    assert.equal(status, 79);
    assert.equal(
      stdout,
      `lab-vouch: N8 certain: The ${says().replace("answer", "respond")}; no token can be fetched.\n`,
    );
  });

  it("the doctor names the proxy of the kubeconfig that is down", async () => {
    await logIn();
    const text = desk.read(".kube/config").replaceAll(SERVER, desk.lab.vouch.url);
    desk.logIn();
    desk.write(".kube/config", text.replace("    server:", `    proxy-url: ${proxy}\n    server:`));
    const { status, stdout } = await desk.run(["doctor", "--context", "lab-vouch", "-o", "short"]);
    assert.equal(status, 79);
    assert.equal(
      stdout,
      `lab-vouch: N8 certain: The proxy ${proxy} (from proxy-url in the kubeconfig) does not respond: connection refused; calls cannot reach 127.0.0.1.\n`,
    );
  });
});
