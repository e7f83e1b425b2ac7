import assert from "node:assert/strict";
import { type AwsStandIn, startAwsStandIn } from "../../lab/aws/stand-in.ts";
import { addCluster, addEntry, addRole, LAB_ADMIN_KEY, labWorld } from "../../lab/aws/world.ts";
import { type LabClock, labClock } from "../../lab/clock.ts";
import type { KubeServer } from "../../lab/kube/kube-server.ts";
import { startKubeStandIn } from "../../lab/kube/stand-in.ts";
import type { LabWorld } from "../../lab/model.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { callKube, goodParts } from "./support/kube-lab.ts";
import { presignedToken, type TokenParts } from "./support/presigned-token.ts";

const SESSION = {
  accessKeyId: "ASIALABSESSION000001",
  secret: "CANARY-session-secret",
  token: "CANARY-session-token",
};

describe("the API server stand-in on the AWS stand-in", () => {
  let clock: LabClock;
  let world: LabWorld;
  let aws: AwsStandIn;
  let kube: KubeServer;
  let ca: string;

  before(async () => {
    const labCa = await makeLabCa();
    ca = labCa.cert;
    clock = labClock(Date.parse("2026-11-25T10:50:18Z"));
    world = labWorld({ url: "https://localhost:1", ca });
    const cluster = addCluster(world, { name: "lab" });
    const dev = addRole(world, { name: "dev", path: "/team/" });
    for (const user of world.users.values()) addEntry(cluster, user);
    addEntry(cluster, dev);
    world.sessions.set(SESSION.accessKeyId, {
      accessKeyId: SESSION.accessKeyId,
      secretAccessKey: SESSION.secret,
      sessionToken: SESSION.token,
      expires: new Date(clock() + 3_600_000),
      arn: "arn:aws:sts::111122223333:assumed-role/dev/ada@example.com",
      roleArn: dev.arn,
      userId: `${dev.uniqueId}:ada@example.com`,
      policyArns: [],
      inlinePolicy: undefined,
      tags: {},
    });
    aws = await startAwsStandIn({ ca: labCa, clock, world });
    kube = await startKubeStandIn({ ca: labCa, clock, world, cluster, sts: { url: aws.url, ca } });
  });
  beforeEach(() => kube.clearRequests());
  after(async () => {
    await kube.close();
    await aws.close();
  });

  const admin = { accessKeyId: LAB_ADMIN_KEY.accessKeyId, secret: LAB_ADMIN_KEY.secretAccessKey };
  const session: Partial<TokenParts> = { ...SESSION, extra: [["X-Amz-Security-Token", SESSION.token]] };

  async function ask(parts: Partial<TokenParts>) {
    const token = presignedToken({ ...goodParts(clock()), ...admin, ...parts });
    const { status } = await callKube({ url: kube.url, ca, token, target: "/version" });
    return [status, kube.requests[0]?.user];
  }

  it("knows an IAM user by a static key", async () => {
    assert.deepEqual(await ask(admin), [200, "arn:aws:iam::111122223333:user/lab-admin"]);
  });

  it("knows a role with a path by a session of it", async () => {
    assert.deepEqual(await ask(session), [200, "arn:aws:sts::111122223333:assumed-role/dev/ada-example.com"]);
  });

  it("lets a role in no more once it was made again", async () => {
    const [entry] = [...(world.clusters[0]?.accessEntries.values() ?? [])].slice(-1);
    const kept = entry?.principalId ?? "";
    if (entry) entry.principalId = "AROAOLD00000000000000";
    assert.equal((await ask(session))[0], 200, "an API server remembers a token for ten seconds");
    await kube.forgetTokens();
    kube.clearRequests();
    const answer = await ask(session);
    if (entry) entry.principalId = kept;
    assert.deepEqual([answer, kube.authenticatorLog], [[401, undefined], ["identity is not mapped"]]);
  });

  const refused: Readonly<Record<string, readonly [parts: Partial<TokenParts>, text: string]>> = {
    "the cluster is another": [{ cluster: "other" }, "SignatureDoesNotMatch"],
    "the secret is wrong": [{ secret: "CANARY-wrong" }, "SignatureDoesNotMatch"],
    "the key is unknown": [{ accessKeyId: "AKIAUNKNOWN000000001" }, "InvalidClientTokenId"],
    "the session's token is missing": [{ ...session, extra: [] }, "InvalidClientTokenId"],
    "it is dated 20 minutes ahead": [{ time: Date.parse("2026-11-25T11:10:18Z") }, "SignatureDoesNotMatch"],
  };
  for (const [cause, [parts, text]] of Object.entries(refused)) {
    it(`logs STS's refusal when ${cause}`, async () => {
      const answer = await ask(parts);
      const [log = ""] = kube.authenticatorLog;
      assert.deepEqual(
        [
          answer,
          log.startsWith("sts getCallerIdentity failed: error from AWS (expected 200, got 403)"),
          log.includes(`"Code":"${text}"`),
        ],
        [[401, undefined], true, true],
      );
    });
  }
});
