import assert from "node:assert/strict";
import { type InstanceMetadata, startInstanceMetadata } from "../../../lab/aws/instance-metadata.ts";
import { addRole, chainTrust } from "../../../lab/aws/world.ts";
import { closedPort } from "../../../lab/loopback.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { scriptedServer } from "../../net/scripted-server.ts";
import { assertRefused } from "./refusal.ts";
import { WISH } from "./source-access.ts";
import { ROLE, type SourceLab, startSourceLab } from "./source-lab.ts";

const CONFIG = `[profile a]\nrole_arn = ${ROLE("ra")}\ncredential_source = Ec2InstanceMetadata\n`;

describe("instance metadata as a source", () => {
  const folder = tempFolder();
  let lab: SourceLab;
  let metadata: InstanceMetadata;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    const role = addRole(lab.world, { name: "Node" });
    addRole(lab.world, { name: "ra", trust: [chainTrust(role.arn)] });
    metadata = await startInstanceMetadata({ world: lab.world, clock: lab.clock, role });
  });
  afterEach(async () => {
    await metadata.close();
    await lab.close();
  });

  const credentials = async (metadataEndpoint = metadata.url) => {
    const opened = await lab.open({ config: CONFIG, profile: "a" }, { metadataEndpoint });
    assert.deepEqual(metadata.asked, [], "opening asks nobody");
    return opened.credentials(WISH);
  };

  it("give the machine's role, by version 2 alone", async () => {
    const given = await credentials();
    assert.match(lab.callerOf(given), /assumed-role\/ra\/kubectl-vouch$/);
    const [by] = [...lab.world.sessions.values()];
    assert.match(by?.arn ?? "", /assumed-role\/Node\/i-0123456789abcdef0$/);
    assert.deepEqual(metadata.asked, [
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/",
      "GET /latest/meta-data/iam/security-credentials/Node",
    ]);
  });

  const failed = (says: RegExp) => ({ code: "instance-metadata-failed", exit: 4, says }) as const;

  it("say that the machine has no role", async () => {
    metadata.role = undefined;
    const none = failed(/profile a .*: no IAM role is attached to this EC2 instance\.$/);
    await assertRefused(() => credentials(), none);
  });

  it("say that the machine has no role where they list none", async () => {
    const none = failed(/profile a .*: no IAM role is attached to this EC2 instance\.$/);
    const server = await scriptedServer({ plain: true });
    const on = ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/"] as const;
    server.expect({ on: on[0], reply: { status: 200, body: "t" } }, { on: on[1], reply: { status: 200 } });
    await assertRefused(() => credentials(server.url), none);
    await server.close();
  });

  it("are another source at another address", async () => {
    const digest = async (metadataEndpoint: string) =>
      (await lab.open({ config: CONFIG, profile: "a" }, { metadataEndpoint })).digest;
    assert.notEqual(await digest("http://127.0.0.1:1/"), await digest("http://127.0.0.1:2/"));
  });

  it("say why EC2 may not give the role", async () => {
    const Message = "EC2 cannot assume the role \u001b[31mNode.  Please see documentation";
    metadata.refusal = { Code: "AssumeRoleUnauthorizedAccess", Message };
    await assertRefused(
      () => credentials(),
      failed(/response for role Node is: EC2 cannot assume the role \[31mNode/),
    );
  });

  it("say that nobody answers", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await assertRefused(
      () => credentials(url),
      failed(/127\.0\.0\.1:\d+ cannot be reached: connection refused/),
    );
  });

  for (const [what, steps, says] of [
    ["version 1 alone", [{ status: 404 }], /returned 404 for PUT/],
    ["a token that is none", [{ status: 200, body: "<html>\ncanary" }], /they did not return a valid token/],
    [
      "a role that is a path",
      [
        { status: 200, body: "t" },
        { status: 200, body: "../../../secret" },
      ],
      /they did not return a valid role name/,
    ],
    [
      "no keys",
      [
        { status: 200, body: "t" },
        { status: 200, body: "Node" },
        { status: 200, body: "{}" },
      ],
      /AccessKeyId/,
    ],
    ["a redirect", [{ status: 302, headers: { location: "http://127.0.0.1/" } }], /returned 302/],
  ] as const)
    it(`are not believed: ${what}`, async () => {
      const server = await scriptedServer({ plain: true });
      const on = ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/"];
      server.expect(...steps.map((reply, index) => ({ on: on[index] ?? `${on[1]}Node`, reply })));
      await assertRefused(() => credentials(server.url), failed(says));
      server.done();
      await server.close();
    });
});
