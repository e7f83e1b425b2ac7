import assert from "node:assert/strict";
import type { NetworkFacts } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import type { Env } from "../../../../token/env.ts";
import type { Loopback } from "../../../lab/loopback.ts";
import { type LabCa, makeLabCa } from "../../../lab/tls.ts";
import { type ConnectProxy, connectProxy } from "../../../token/net/connect-proxy.ts";
import { askingWith, fakeProbeHost, filesNamed } from "../../support/fake-probe-host.ts";
import { KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";
import { plainDoor, tlsDoor } from "../../support/tls-door.ts";

describe("the network probe", () => {
  let ca: LabCa;
  let server: Loopback;
  const doors: (Loopback | ConnectProxy)[] = [];
  before(async () => {
    ca = await makeLabCa("kubernetes");
    server = await tlsDoor(await ca.issue(["127.0.0.1", "endpoint.example"]), (_request, response) =>
      response.end(),
    );
    doors.push(server);
  });
  after(() => Promise.all(doors.map((door) => door.close())));

  function look(cluster: object, { trusted = ca, env = {} }: { trusted?: LabCa; env?: Env } = {}) {
    const data = Buffer.from(trusted.cert).toString("base64");
    const text = kubeconfigOf({ cluster: { "certificate-authority-data": data, ...cluster } });
    const host = fakeProbeHost({ env, readText: filesNamed({ [KUBECONFIG]: text }) });
    const facts = PROBES.network.ask(askingWith({ host }));
    return facts as unknown as Promise<NetworkFacts>;
  }
  const address = (port: number) => ({ host: "127.0.0.1", port, addresses: ["127.0.0.1"] });
  const shown = { issuer: "kubernetes", subjectAltNames: ["127.0.0.1", "endpoint.example"] };

  it("finds a way that works", async () => {
    assert.deepEqual(await look({ server: `https://127.0.0.1:${server.port}` }), {
      ...address(server.port),
      tcp: "open",
      tls: { ok: true, ...shown },
    });
  });

  it("checks the certificate for the name that the kubeconfig says", async () => {
    const at = { server: `https://127.0.0.1:${server.port}` };
    assert.equal((await look({ ...at, "tls-server-name": "endpoint.example" })).tls?.ok, true);
    const { tls } = await look({ ...at, "tls-server-name": "other.example" });
    assert.equal(tls?.ok, false);
    assert.match(tls?.error ?? "", /does not match certificate's altnames/);
  });

  it("tells whose certificate is not trusted", async () => {
    const stranger = await makeLabCa("another");
    const { tls } = await look({ server: `https://127.0.0.1:${server.port}` }, { trusted: stranger });
    assert.deepEqual(tls, { ok: false, error: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", ...shown });
  });

  it("blames no certificate where kubectl checks none", async () => {
    const stranger = await makeLabCa("another");
    const cluster = { server: `https://127.0.0.1:${server.port}`, "insecure-skip-tls-verify": true };
    assert.equal((await look(cluster, { trusted: stranger })).tls?.ok, true);
  });

  it("tells a port that refuses", async () => {
    const gone = await plainDoor(() => undefined);
    await gone.close();
    assert.deepEqual(await look({ server: `https://127.0.0.1:${gone.port}` }), {
      ...address(gone.port),
      tcp: "refused",
    });
  });

  it("tells what hangs up, or speaks something else, in the handshake", async () => {
    const rude = await plainDoor((socket) => socket.once("data", () => socket.end()));
    const plain = await plainDoor((socket) =>
      socket.once("data", () => socket.end("HTTP/1.0 400 Bad Request\r\n\r\n")),
    );
    doors.push(rude, plain);
    const closed = await look({ server: `https://127.0.0.1:${rude.port}` });
    const noTls = await look({ server: `https://127.0.0.1:${plain.port}` });
    assert.deepEqual([closed.tcp, closed.tls?.ok, noTls.tcp, noTls.tls?.ok], ["open", false, "open", false]);
    assert.match(
      noTls.tls?.error ?? "",
      /^ERR_SSL_\w+ [a-z ]*(?:wrong version number|packet length)[a-z ]*$/,
    );
  });

  it("takes a connection that is reset for no missing route", async () => {
    const rude = await plainDoor((socket) => socket.resetAndDestroy());
    doors.push(rude);
    const { tcp, tls } = await look({ server: `https://127.0.0.1:${rude.port}` });
    // Whether the reset comes in the connection or behind it is up to the system.
    assert.ok(tcp === "refused" || (tcp === "open" && tls?.ok === false), `${tcp} ${tls?.error}`);
  });

  it("goes through the proxy of the kubeconfig, and tells what it answers", async () => {
    const proxy = await connectProxy({ port: server.port });
    const strict = await connectProxy({ port: 1, refusal: "HTTP/1.1 403 Forbidden\r\n\r\n" });
    doors.push(proxy, strict);
    const at = { server: `https://127.0.0.1:${server.port}` };
    const origin = "proxy-url in the kubeconfig";
    const through = proxy.url.replace("//", "//ada:CANARY@");
    assert.deepEqual(await look({ ...at, "proxy-url": through }), {
      ...address(server.port),
      proxy: { url: `${proxy.url}/`, origin, answer: "HTTP/1.1 200 Connection established" },
      tls: { ok: true, ...shown },
    });
    assert.equal(proxy.asked[0]?.authorization, `Basic ${Buffer.from("ada:CANARY").toString("base64")}`);
    assert.deepEqual(await look({ ...at, "proxy-url": strict.url }), {
      ...address(server.port),
      proxy: { url: `${strict.url}/`, origin, answer: "HTTP/1.1 403 Forbidden" },
    });
  });

  it("tells a proxy that is none", async () => {
    const gone = await plainDoor(() => undefined);
    await gone.close();
    const cluster = {
      server: `https://127.0.0.1:${server.port}`,
      "proxy-url": `http://127.0.0.1:${gone.port}`,
    };
    const { proxy, tls } = await look(cluster);
    assert.deepEqual(tls, undefined);
    assert.match(proxy?.answer ?? "", /ECONNREFUSED/);
  });

  it("has nothing to say where the kubeconfig names no server", async () => {
    assert.equal(await look({ server: "not an address" }), undefined);
  });
});
