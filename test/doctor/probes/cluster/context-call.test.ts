import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { AccessReviewJson, ApiServerAnswer } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { requireTried } from "../../../../doctor/probes/cluster/context-call.ts";
import { newProbeSecrets } from "../../../../doctor/probes/probe.ts";
import { type Loopback, listenOnLoopback } from "../../../lab/loopback.ts";
import { type LabCa, type LabCertificate, makeLabCa } from "../../../lab/tls.ts";
import { onPosix } from "../../../support/platform.ts";
import { type ConnectProxy, connectProxy } from "../../../token/net/connect-proxy.ts";
import { askingWith, fakeProbeHost, filesNamed } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const EXEC = { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: [] } };
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("requireTried", () => {
  const address = { ca: undefined, tlsName: undefined, proxy: undefined, skipsVerification: false };
  const check = (url: string, more: object = {}) => requireTried({ ...address, url: new URL(url), ...more });

  it("lets a token go to a server that shows who it is, and nowhere else", () => {
    check("https://eks.example");
    assert.throws(
      () => check("https://eks.example", { skipsVerification: true }),
      /so the token is not sent/,
    );
    assert.throws(() => check("http://eks.example:443"), {
      message:
        "not called: the kubeconfig's server is http://eks.example:443, but tokens are sent only over TLS",
    });
  });

  it("says what is not tried", () => {
    const proxy = { url: new URL("socks5://127.0.0.1:1080"), origin: "proxy-url in the kubeconfig" };
    assert.throws(() => check("https://eks.example", { proxy }), {
      message:
        "not called: the kubeconfig uses the SOCKS proxy 127.0.0.1:1080, which kubectl-vouch does not support",
    });
  });
});

describe("the call of the API server", () => {
  let ca: LabCa;
  let bob: LabCertificate;
  let server: Loopback;
  let proxy: ConnectProxy;
  const seen: { headers: IncomingHttpHeaders; certificate: string | undefined }[] = [];
  const answer: RequestListener = (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate();
    seen.push({ headers: request.headers, certificate: peer.serialNumber });
    response.setHeader("Content-Type", "application/json");
    const status = { allowed: request.headers["impersonate-user"] === undefined };
    response.end(JSON.stringify({ kind: "APIVersions", status }));
  };
  before(async () => {
    ca = await makeLabCa("kubernetes");
    bob = await (await makeLabCa("another")).issue(["bob"]);
    const certificate = await ca.issue(["127.0.0.1"]);
    server = await listenOnLoopback(
      createServer({ ...certificate, requestCert: true, rejectUnauthorized: false }, answer),
    );
    proxy = await connectProxy({ port: server.port });
  });
  after(() => Promise.all([server.close(), proxy.close()]));
  beforeEach(() => void seen.splice(0));

  function asking(
    user: object,
    {
      cluster = {},
      files = {},
      parts = {},
    }: { cluster?: object; files?: Record<string, string>; parts?: object } = {},
  ) {
    const its = { server: `https://127.0.0.1:${server.port}`, "certificate-authority-data": base64(ca.cert) };
    const text = kubeconfigOf({ cluster: { ...its, ...cluster }, user });
    const host = fakeProbeHost({ readText: filesNamed({ [KUBECONFIG]: text, ...files }) });
    const secrets = { ...newProbeSecrets(), token: "CANARY" };
    return askingWith({ host, secrets, evidence: evidenceWith(parts) });
  }
  async function call(...about: Parameters<typeof asking>) {
    const told = (await PROBES.apiServer.ask(asking(...about))) as ApiServerAnswer;
    assert.equal(told.status, 200);
    const [request, ...more] = seen;
    assert.deepEqual(more, []);
    return request ?? assert.fail("nothing was called");
  }
  const serial = () => new X509Certificate(bob.cert).serialNumber;

  it("carries the plugin's token", async () => {
    const { headers, certificate } = await call(EXEC);
    assert.deepEqual([headers.authorization, certificate], ["Bearer CANARY", undefined]);
  });

  it("impersonates whom the kubeconfig says", async () => {
    const { headers } = await call({
      ...EXEC,
      as: "bob",
      "as-uid": "7",
      "as-groups": ["devs", "ops"],
      "as-user-extra": { "Acme.io/team": ["web", "db"], empty: [] },
    });
    const sent = Object.entries(headers).filter(([name]) => name.startsWith("impersonate-"));
    assert.deepEqual(Object.fromEntries(sent), {
      "impersonate-user": "bob",
      "impersonate-uid": "7",
      "impersonate-group": "devs, ops",
      "impersonate-extra-acme.io%2fteam": "web, db",
    });
  });

  it("asks for whom it impersonates too whether the attempt is allowed", async () => {
    const attempt = { verb: "list", group: "", resource: "pods", namespace: "web" };
    const parts = { apiServer: { status: 200, isKubernetes: true }, question: { attempt } };
    const reviews = (await PROBES.accessReviews.ask(
      asking({ ...EXEC, as: "bob" }, { parts }),
    )) as readonly AccessReviewJson[];
    const told = (of: string | undefined) =>
      reviews.filter(({ as }) => as === of).map(({ status }) => status.allowed);
    assert.deepEqual([[...new Set(told(undefined))], told("bob")], [[true], [false]]);
  });

  it("shows the user's certificate instead of a token, also through a proxy that does not see it", async () => {
    const user = { ...EXEC, "client-certificate-data": base64(bob.cert), "client-key-data": base64(bob.key) };
    for (const cluster of [{}, { "proxy-url": proxy.url }]) {
      seen.splice(0);
      const { headers, certificate } = await call(user, { cluster });
      assert.deepEqual([headers.authorization, certificate], [undefined, serial()]);
    }
    assert.equal(proxy.asked.length, 1);
  });

  onPosix("paths", "reads certificate and key from files beside the kubeconfig", async () => {
    const files = { "/home/ada/.kube/bob.crt": bob.cert, "/home/ada/.kube/bob.key": bob.key };
    const user = { ...EXEC, "client-certificate": "bob.crt", "client-key": "bob.key" };
    assert.equal((await call(user, { files })).certificate, serial());
  });

  onPosix("paths", "prefers what the entry has to the plugin's token", async () => {
    const authorization = async (...about: Parameters<typeof asking>) => {
      seen.splice(0);
      return (await call(...about)).headers.authorization;
    };
    assert.equal(await authorization({ ...EXEC, token: "static" }), "Bearer static");
    const files = { "/run/token": "file\n" };
    assert.equal(await authorization({ ...EXEC, tokenFile: "/run/token" }, { files }), "Bearer file");
    assert.equal(
      await authorization({ ...EXEC, username: "bob", password: "p" }),
      `Basic ${base64("bob:p")}`,
    );
  });

  onPosix("paths", "is not made where kubectl calls nothing, and says why in kubectl's words", async () => {
    const bad = base64("nonsense");
    const cert = { "client-certificate-data": base64(bob.cert) };
    const cases: readonly (readonly [RegExp, object, object])[] = [
      [/^invalid 'proxy-url' "127\.0\.0\.1:1" for cluster "lab"/, {}, { "proxy-url": "127.0.0.1:1" }],
      [/^invalid 'proxy-url' "proxy:1"/, {}, { "proxy-url": "proxy:1" }],
      [/^invalid 'proxy-url' "\*\*\*@proxy:1"/, {}, { "proxy-url": "ada:CANARY@proxy:1" }],
      [
        /^specifying a root certificates file with the insecure flag/,
        {},
        { "insecure-skip-tls-verify": true },
      ],
      [
        /^certificate-authority-data and certificate-authority are both/,
        {},
        { "certificate-authority": "/ca" },
      ],
      [
        /^unable to read certificate-authority \/ca for lab due to open \/ca: no such file or directory$/,
        {},
        { "certificate-authority": "/ca", "certificate-authority-data": "" },
      ],
      [
        /^requesting uid, groups or user-extra for ada without impersonating a user$/,
        { "as-groups": ["a"] },
        {},
      ],
      [/^client-key-data or client-key must be specified for ada/, cert, {}],
      [
        /^unable to read client-key \/k for ada due to open \/k: no such/,
        { ...cert, "client-key": "/k" },
        {},
      ],
      [/^tls: failed to find any PEM data in key input$/, { ...cert, "client-key-data": bad }, {}],
      [
        /^tls: private key does not match public key$/,
        { ...cert, "client-key-data": base64((await ca.issue(["x"])).key) },
        {},
      ],
      [/^error: open \/t: no such file or directory$/, { tokenFile: "/t" }, {}],
      [/^more than one authentication method found for ada/, { token: "t", username: "u" }, {}],
    ];
    for (const [message, user, cluster] of cases)
      await assert.rejects(async () => PROBES.apiServer.ask(asking({ ...EXEC, ...user }, { cluster })), {
        message,
      });
    assert.deepEqual(seen, []);
  });
});
