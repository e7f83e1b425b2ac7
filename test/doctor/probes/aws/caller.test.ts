import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { CallerIdentity, DoctorEvidence, TokenNameTest } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { newProbeSecrets } from "../../../../doctor/probes/probe.ts";
import { signEksToken } from "../../../../token/eks/eks-token.ts";
import type { Env } from "../../../../token/env.ts";
import { type AwsStandIn, startAwsStandIn } from "../../../lab/aws/stand-in.ts";
import { LAB_ADMIN_KEY, labWorld } from "../../../lab/aws/world.ts";
import { labClock } from "../../../lab/clock.ts";
import type { Loopback } from "../../../lab/loopback.ts";
import { type LabCa, makeLabCa } from "../../../lab/tls.ts";
import { askingWith, fakeProbeHost, filesNamed } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";
import { tlsDoor } from "../../support/tls-door.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";

describe("asking STS with the user's own token", () => {
  let ca: LabCa;
  let aws: AwsStandIn;
  let folder: string;
  let env: Env;
  const clock = labClock();
  before(async () => {
    ca = await makeLabCa();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-caller-"));
    fs.writeFileSync(path.join(folder, "ca.pem"), ca.cert);
    aws = await startAwsStandIn({ ca, clock, world: labWorld({ url: "https://localhost:1", ca: ca.cert }) });
    env = { AWS_ENDPOINT_URL: aws.url, AWS_CA_BUNDLE: path.join(folder, "ca.pem") };
  });
  after(async () => {
    await aws.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** A token of the lab's administrator, in the vault, and a context that asks for this cluster. */
  function asking(
    signedFor: string,
    { asksFor = signedFor, host = "sts.us-east-1.amazonaws.com", from = env } = {},
  ) {
    const secrets = newProbeSecrets();
    const request = { cluster: signedFor, region: "us-east-1", stsHost: host, signedAt: clock() };
    secrets.token = signEksToken(request, LAB_ADMIN_KEY);
    const args = ["--region", "us-east-1", "eks", "get-token", "--cluster-name", asksFor];
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args };
    const readText = filesNamed({ [KUBECONFIG]: kubeconfigOf({ user: { exec } }) });
    return { secrets, host: fakeProbeHost({ env: from, clock, readText }) };
  }
  async function identity(...about: Parameters<typeof asking>): Promise<CallerIdentity> {
    return (await PROBES.callerIdentity.ask(askingWith(asking(...about)))) as unknown as CallerIdentity;
  }
  async function names(evidence: Partial<DoctorEvidence>, ...about: Parameters<typeof asking>) {
    const given = { evidence: evidenceWith(evidence), ...asking(...about) };
    const tests = await PROBES.tokenNames.ask(askingWith(given));
    return tests as unknown as readonly TokenNameTest[];
  }

  it("tells who AWS says the caller is", async () => {
    const user = aws.world.users.get(ADMIN);
    assert.deepEqual(await identity("lab"), { UserId: user?.uniqueId, Account: "111122223333", Arn: ADMIN });
  });

  it("tells for which cluster names the token is signed", async () => {
    const cluster = { cluster: { name: "lab" } };
    const [own, other] = await names({ cluster }, "lap", { asksFor: "lap" });
    assert.deepEqual(own, { name: "lap", accepted: true });
    assert.deepEqual({ ...other, error: undefined }, { name: "lab", accepted: false, error: undefined });
    assert.match(other?.error ?? "", /^SignatureDoesNotMatch: /);
  });

  it("keeps what STS says when it refuses", async () => {
    aws.world.users.get(ADMIN)?.accessKeys.forEach((key) => {
      key.active = false;
    });
    await assert.rejects(identity("lab"), { message: /^InvalidClientTokenId: / });
    aws.world.users.get(ADMIN)?.accessKeys.forEach((key) => {
      key.active = true;
    });
  });

  it("sends a token that is signed for another host to nobody", async () => {
    const before = aws.calls.length;
    await assert.rejects(identity("lab", { host: "localhost:4566" }), {
      message: "the token was not sent to STS: EKS does not accept STS host localhost:4566",
    });
    assert.equal(aws.calls.length, before);
  });

  it("sends a token to no bucket whose name makes it look like STS to a verifier", async () => {
    const before = aws.calls.length;
    await assert.rejects(identity("lab", { host: "sts.s3.amazonaws.com" }), {
      message: "the token was not sent to STS: sts.s3.amazonaws.com is not an STS host",
    });
    assert.equal(aws.calls.length, before);
  });

  describe("at an endpoint that cannot show AWS's certificate", () => {
    let trap: Loopback;
    const caught: string[] = [];
    before(async () => {
      trap = await tlsDoor(await ca.issue(["localhost"]), (request, response) => {
        caught.push(request.url ?? "");
        response.end();
      });
    });
    after(() => trap.close());

    it("sends it to nobody either", async () => {
      const from = { ...env, AWS_ENDPOINT_URL_STS: `https://localhost:${trap.port}` };
      await assert.rejects(identity("lab", { from }), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
      assert.deepEqual(caught, []);
    });
  });
});
