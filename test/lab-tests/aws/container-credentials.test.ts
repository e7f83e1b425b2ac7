import assert from "node:assert/strict";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type ContainerCredentials, startContainerCredentials } from "../../lab/aws/container-credentials.ts";
import { addRole } from "../../lab/aws/world.ts";
import { type AwsLab, startAwsLab } from "./aws-lab.ts";

describe("container credentials beside the AWS stand-in", () => {
  let lab: AwsLab;
  let container: ContainerCredentials;
  beforeEach(async () => {
    lab = await startAwsLab();
    const role = addRole(lab.world, { name: "Task" });
    container = await startContainerCredentials({ world: lab.world, clock: lab.clock, role });
  });
  afterEach(async () => {
    await container.close();
    await lab.close();
  });

  async function get(path: string, authorization?: string) {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(container.url + path, { headers });
    return { status: response.status, body: await response.text() };
  }
  async function identify(body: string): Promise<string | undefined> {
    const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(body);
    const given = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
    return (await lab.sts(given).send(new GetCallerIdentityCommand({}))).Arn;
  }

  it("gives a task of ECS keys by its path", async () => {
    const { status, body } = await get(container.relativeUri);
    assert.equal(status, 200);
    const { RoleArn, Expiration } = JSON.parse(body);
    assert.deepEqual([RoleArn, Expiration], ["arn:aws:iam::111122223333:role/Task", "2026-01-15T18:00:00Z"]);
    const task = container.relativeUri.split("/").at(-1);
    assert.equal(await identify(body), `arn:aws:sts::111122223333:assumed-role/Task/${task}`);
  });

  it("gives a pod keys for its token, as it is just now", async () => {
    const { status, body } = await get(container.podUri, container.token);
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).AccountId, "111122223333");
    assert.match((await identify(body)) ?? "", /assumed-role\/Task\/eks-lab-web-[\da-f]{8}$/);
    const old = container.token;
    container.token = "new.er.token";
    assert.equal((await get(container.podUri, old)).status, 400);
    assert.equal((await get(container.podUri, "new.er.token")).status, 200);
  });

  it("refuses in the agents' own words", async () => {
    const credentials = {
      code: "InvalidIdInRequest",
      message: "CredentialsV2Request: Credentials not found",
    };
    const { status, body } = await get("/v2/credentials/0123456789abcdef0123456789abcdef");
    assert.deepEqual([status, JSON.parse(body)], [400, { ...credentials, HTTPErrorCode: 400 }]);
    assert.deepEqual(await get(container.podUri), {
      status: 400,
      body: "Service account token cannot be empty\n",
    });
    const malformed = "token is malformed: token contains an invalid number of segments";
    assert.deepEqual(await get(container.podUri, `Bearer ${container.token.split(".")[0]}`), {
      status: 400,
      body: `Service account token cannot be parsed: ${malformed}\n`,
    });
    assert.match((await get(container.podUri, "a.b.c")).body, /^\[\w+\]: \(InvalidTokenException\): /);
    assert.deepEqual(await get("/"), { status: 404, body: "404 page not found\n" });
  });
});
