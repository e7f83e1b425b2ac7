import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { labDesk } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { connectProxy } from "../../token/net/connect-proxy.ts";

interface Kubeconfig {
  readonly clusters: { readonly name: string; readonly cluster: Record<string, unknown> }[];
}

suiteOnPosix("lab", "setup eks with a proxy to the cluster", () => {
  const desk = labDesk();
  beforeEach(() => desk.logIn());
  const setup = (...more: readonly string[]) => desk.run([...SETUP_WORDS, ...more]);
  const cluster = () =>
    (parse(fs.readFileSync(desk.kubeconfig, "utf8")) as Kubeconfig).clusters[0]?.cluster ?? {};
  const port = () => Number(new URL(desk.lab.cluster.endpoint).port);

  it("writes it, connects through it, and keeps it from then on", async () => {
    const proxy = await connectProxy({ port: port() });
    try {
      const { status, stderr } = await setup("--proxy-url", proxy.url);
      assert.equal(status, 0, stderr);
      assert.equal(cluster()["proxy-url"], proxy.url);
      const told = `  (kubectl connects to it through its proxy-url ${proxy.url})`;
      assert.ok(stderr.split("\n").includes(told), stderr);
      assert.match(stderr, /^Works: you are /m);
      assert.deepEqual(
        proxy.asked.map(({ target }) => target),
        [new URL(desk.lab.cluster.endpoint).host],
      );
      const again = await setup();
      assert.match(again.stderr, /^Context lab-vouch was already up to date/m);
      assert.ok(again.stderr.split("\n").includes(told), again.stderr);
      assert.equal(cluster()["proxy-url"], proxy.url);
      assert.equal((await desk.run(["whoami"])).status, 0);
      assert.equal(proxy.asked.length, 3);
      const other = await setup("--proxy-url", "http://127.0.0.1:9", "-o", "json");
      assert.equal(JSON.parse(other.stdout).contexts[0].proxyUrl, "http://127.0.0.1:9");
      assert.equal(cluster()["proxy-url"], "http://127.0.0.1:9");
    } finally {
      await proxy.close();
    }
  });

  it("says that it cannot try a SOCKS proxy", async () => {
    const { status, stderr } = await setup("--proxy-url", "socks5://127.0.0.1:1080");
    assert.equal(status, 0, stderr);
    assert.equal(cluster()["proxy-url"], "socks5://127.0.0.1:1080");
    assert.match(stderr, /unlike kubectl, it does not support SOCKS proxies \(127\.0\.0\.1:1080\)/);
  });

  it("keeps a password in an entry to itself", async () => {
    await setup("--proxy-url", "http://127.0.0.1:9");
    const withPassword = desk.read(".kube/config").replace("127.0.0.1:9", "ada:canary-proxy@127.0.0.1:9");
    desk.write(".kube/config", withPassword);
    const { stderr, stdout } = await setup("--diff");
    assert.match(stderr, /its proxy-url http:\/\/\*\*\*@127\.0\.0\.1:9\)/);
    assert.doesNotMatch(`${stderr}${stdout}`, /canary-proxy/);
    assert.match(String(cluster()["proxy-url"]), /canary-proxy/);
  });

  for (const [url, says] of [
    ["proxy:3128", /proxy:3128 is not a proxy that kubectl accepts\./],
    ["ftp://proxy:3128", /is not a proxy that kubectl accepts\./],
    ["http://", /is not a proxy that kubectl accepts\./],
    ["http://ada:canary-proxy@proxy:3128", /--proxy-url must not contain a password/],
    [
      "http://ada:canary/proxy@proxy:3128",
      /: http:\/\/\*\*\*@proxy:3128 is not a proxy that kubectl accepts\./,
    ],
    ["ada:canary-proxy@x@proxy:3128", /: \*\*\*@proxy:3128 is not a proxy/],
    ["ada:canary-proxy@proxy:3128", /\*\*\*@proxy:3128 is not a proxy that kubectl accepts\./],
  ] as const)
    it(`refuses ${url}`, async () => {
      const { status, stderr } = await setup("--proxy-url", url);
      assert.equal(status, 64);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /canary-proxy/);
    });
});
