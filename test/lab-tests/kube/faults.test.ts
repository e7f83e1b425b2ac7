import assert from "node:assert/strict";
import { startKubeStandIn } from "../../lab/kube/stand-in.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { startFakeSts } from "./support/fake-sts.ts";
import { entryFor, type KubeLab, startKubeLab } from "./support/kube-lab.ts";

describe("an API server that is broken", () => {
  let lab: KubeLab;
  let token: string;

  beforeEach(async () => {
    lab = await startKubeLab({ accessEntries: new Map([["dev", entryFor("role/dev")]]) });
    token = lab.token(lab.person("role/dev"));
  });
  afterEach(() => lab.close());

  const version = () => lab.call(token, "/version");

  it("closes connections when it is down, and answers again after", async () => {
    lab.kube.faults.down = true;
    await assert.rejects(version(), { code: "ECONNRESET" });
    lab.kube.faults.down = false;
    assert.equal((await version()).status, 200);
  });

  it("refuses connections once it is closed", async () => {
    await lab.kube.close();
    await assert.rejects(version(), { code: "ECONNREFUSED" });
  });

  it("says nothing when it is silent", async () => {
    lab.kube.faults.silent = true;
    const answer = version().then(
      () => "answered",
      () => "closed",
    );
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 30, "nothing"))]);
    assert.equal(first, "nothing");
  });

  it("shows a certificate for another name", async () => {
    lab.kube.faults.certificate = "wrong-name";
    await assert.rejects(version(), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  it("shows a certificate nobody trusts", async () => {
    lab.kube.faults.certificate = "unknown-authority";
    await assert.rejects(version(), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });

  it("tells a client without TLS what is wrong", async () => {
    const response = await fetch(lab.kube.url.replace("https:", "http:"));
    assert.deepEqual(
      [response.status, await response.text()],
      [400, "Client sent an HTTP request to an HTTPS server.\n"],
    );
  });

  it("refuses so many requests as it is told", async () => {
    lab.kube.faults.throttled = 1;
    const statuses = [(await version()).status, (await version()).status];
    assert.deepEqual(statuses, [429, 200]);
  });

  for (const fault of ["unauthorizedAlways", "authenticatorDown"] as const) {
    it(`refuses every token and logs nothing, with ${fault}`, async () => {
      lab.kube.faults[fault] = true;
      const { status } = await version();
      assert.deepEqual([status, lab.kube.authenticatorLog, lab.sts.seen], [401, [], []]);
    });
  }

  it("dates its answers by the lab's clock", async () => {
    lab.clock.advance(-60_000);
    assert.equal((await version()).date, "Wed, 25 Nov 2026 10:49:18 GMT");
  });

  it("writes its address and CA into the cluster", () => {
    assert.deepEqual([lab.cluster.endpoint, lab.cluster.certificateAuthority], [lab.kube.url, lab.ca.cert]);
  });
});

describe("an authenticator that does not trust STS", () => {
  it("refuses the token and logs why", async () => {
    const lab = await startKubeLab();
    const stranger = await startFakeSts(await makeLabCa(), lab.callers);
    const { ca, clock, cluster } = lab;
    const sts = { url: stranger.url, ca: ca.cert };
    const kube = await startKubeStandIn({ ca, clock, cluster, sts, world: { partition: "aws" } });
    const token = lab.token(lab.person("role/dev"));
    const { status } = await lab.call(token, new URL("/version", kube.url).href);
    await Promise.all([kube.close(), stranger.close(), lab.close()]);
    assert.deepEqual(
      [status, kube.authenticatorLog],
      [
        401,
        [
          "sts getCallerIdentity failed: error during GET: tls: failed to verify certificate: x509: certificate signed by unknown authority on us-east-1 endpoint",
        ],
      ],
    );
  });
});
