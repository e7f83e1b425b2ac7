import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Env } from "../../../../token/env.ts";
import {
  type ContainerCredentials,
  startContainerCredentials,
} from "../../../lab/aws/container-credentials.ts";
import { addRole } from "../../../lab/aws/world.ts";
import { closedPort } from "../../../lab/loopback.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { type Reply, scriptedServer } from "../../net/scripted-server.ts";
import { assertRefused } from "./refusal.ts";
import { WISH } from "./source-access.ts";
import { type SourceLab, startSourceLab } from "./source-lab.ts";

describe("container credentials as a source", () => {
  const folder = tempFolder();
  let lab: SourceLab;
  let container: ContainerCredentials;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    const role = addRole(lab.world, { name: "Task" });
    container = await startContainerCredentials({ world: lab.world, clock: lab.clock, role });
  });
  afterEach(async () => {
    await container.close();
    await lab.close();
  });

  const full = (uri: string, more: Env = {}): Env => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, ...more });
  const pod = (more: Env = {}) => full(container.url + container.podUri, more);
  const open = (env: Env, more: Parameters<SourceLab["open"]>[1] = {}) => lab.open({ env }, more);
  const credentials = async (...given: Parameters<typeof open>) => (await open(...given)).credentials(WISH);

  it("are ECS's, by the path alone", async () => {
    const given = await credentials(full(container.url + container.relativeUri));
    assert.match(lab.callerOf(given), /assumed-role\/Task\/[\da-f]{32}$/);
    assert.ok((given.expires ?? 0) > lab.clock());
  });

  it("are those of a pod, by its token or the file that has it, read anew each time", async () => {
    assert.match(
      lab.callerOf(await credentials(pod({ AWS_CONTAINER_AUTHORIZATION_TOKEN: container.token }))),
      /assumed-role\/Task\/eks-lab-web-/,
    );
    const file = path.join(folder(), "pod-token");
    fs.writeFileSync(file, `${container.token}\n`);
    const past = (lab.clock() - 10_000) / 1000;
    fs.utimesSync(file, past, past);
    const env = pod({
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "canary.wrong.token",
    });
    const recorded = { uri: container.url + container.podUri, tokenFile: file };
    const opened = await open(env, { clock: () => lab.clock() + 10_000, container: recorded });
    await opened.credentials(WISH);
    assert.deepEqual(
      opened.witnesses?.map(([name]) => name),
      [file],
    );
    container.token = "new.er.token";
    fs.writeFileSync(file, container.token);
    const other = await open(env, { container: recorded });
    await other.credentials(WISH);
    assert.notEqual(other.digest, opened.digest);
    assert.equal(other.witnesses, undefined, "the file is too young to tell");
    assert.doesNotMatch(other.digest, /er\.token/);
  });

  it("are another source at another address", async () => {
    const digest = async (uri: string) => (await open(full(container.url + uri))).digest;
    assert.notEqual(await digest(container.podUri), await digest(container.relativeUri));
  });

  it("may be another person's the next time, as those of local agents", async () => {
    assert.equal((await open(full(container.url + container.relativeUri))).isAnyones, true);
  });

  it("are not asked for when the source is opened", async () => {
    assert.ok(await open(full(`http://127.0.0.1:${await closedPort()}/`)));
  });

  for (const [uri, where] of [
    ["https://creds.example.com/", /points to https:\/\/creds\.example\.com, which is not an AWS container/],
    ["http://169.254.170.3/v2", /points to http:\/\/169\.254\.170\.3,/],
    ["http://169.254.169.254.example.com/", /points to http:\/\/169\.254\.169\.254\.example\.com,/],
    ["http://169.254.170.2@evil.example.com/", /points to http:\/\/evil\.example\.com,/],
    ["file:///etc/passwd", /points to null,/],
    ["http://127.0.0.1@169.254.170.2/", /points to http:\/\/169\.254\.170\.2,/],
    ["http://name:secret@127.0.0.1/", /points to http:\/\/127\.0\.0\.1,/],
    ["nonsense", /is "nonsense", which is not a URL/],
  ] as const)
    it(`are not asked for elsewhere: ${uri}`, async () => {
      await assertRefused(() => open(full(uri)), { code: "container-address-refused", exit: 6, says: where });
    });

  it("are not asked for by a path that is none", async () => {
    for (const path of ["@127.0.0.1:1/", ".example.com/", "x"])
      await assertRefused(() => open({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path }), {
        code: "container-address-refused",
        exit: 6,
        says: /is ".*", which is not a path that starts with \//,
      });
  });

  it("are never asked for on this machine with a file that setup did not record: anybody may listen there", async () => {
    const file = path.join(folder(), "vault-token");
    fs.writeFileSync(file, "canary");
    const env = pod({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    const uri = container.url + container.podUri;
    const elsewhere = `http://127.0.0.1:${await closedPort()}/`;
    for (const recorded of [
      undefined,
      { uri, tokenFile: `${file}-2` },
      { uri, tokenFile: undefined },
      { uri: elsewhere, tokenFile: file },
    ])
      await assertRefused(() => open(env, { container: recorded }), {
        code: "container-address-refused",
        exit: 6,
        says: /setup did not record token file/,
      });
  });

  it("are never asked for at an agent's address with a file that is not EKS's: without an agent, anybody on the link may answer", async () => {
    const file = path.join(folder(), "vault-token");
    fs.writeFileSync(file, "canary");
    for (const agent of ["http://169.254.170.2:8000/x", "http://169.254.170.23/v1/credentials"])
      await assertRefused(() => open(full(agent, { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file })), {
        code: "container-address-refused",
        exit: 6,
        says: /setup did not record token file/,
      });
  });

  it("are asked for elsewhere as setup recorded it, with the token file that it recorded", async () => {
    const file = path.join(folder(), "token");
    fs.writeFileSync(file, "canary-token");
    const recorded = { uri: "https://creds.example.com/one", tokenFile: file };
    const env = full(recorded.uri, { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    assert.ok(await open(env, { container: recorded }));
    for (const other of [
      { ...recorded, uri: "https://creds.example.com/other" },
      { ...recorded, tokenFile: undefined },
    ])
      await assertRefused(() => open(env, { container: other }), {
        code: "container-address-refused",
        exit: 6,
        says: /https:\/\/creds\.example\.com/,
      });
  });

  for (const [what, text] of [
    ["a private key", "-----BEGIN EC PRIVATE KEY-----\ncanary\n-----END EC PRIVATE KEY-----\n"],
    ["JSON", '{"accessToken": "canary"}'],
    ["two lines", "canary\ncanary: x"],
    ["nothing", ""],
  ] as const)
    it(`are never asked for with a file of another kind: ${what}`, async () => {
      const file = path.join(folder(), "secret");
      fs.writeFileSync(file, text);
      const recorded = { uri: container.url + container.podUri, tokenFile: file };
      const env = pod({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
      await assertRefused(() => open(env, { container: recorded }), {
        code: "container-address-refused",
        exit: 6,
        says: /_FILE is not a token/,
      });
    });

  it("need the token file that is named", async () => {
    const recorded = { uri: container.url + container.podUri, tokenFile: "/not/there" };
    const env = pod({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/not/there" });
    await assertRefused(() => open(env, { container: recorded }), {
      code: "container-address-refused",
      exit: 6,
      says: /File \/not\/there \(from AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\) not found/,
    });
  });

  const failed = (says: RegExp) => ({ code: "container-credentials-failed", exit: 4, says }) as const;

  it("are refused in the agent's own words", async () => {
    await assertRefused(
      () => credentials(pod()),
      failed(/returned 400: Service account token cannot be empty/),
    );
    await assertRefused(
      () => credentials(full(`${container.url}/v2/credentials/unknown`)),
      failed(/returned 400: CredentialsV2Request: Credentials not found/),
    );
  });

  const good = {
    AccessKeyId: "ASIA1",
    SecretAccessKey: "canary",
    Token: "canary",
    Expiration: "2100-01-01T00:00:00Z",
  };
  for (const [what, reply, says] of [
    ["no JSON", { status: 200, body: "canary" }, /does not contain AccessKeyId/],
    [
      "no secret",
      { status: 200, body: { ...good, SecretAccessKey: undefined } },
      /does not contain SecretAccessKey/,
    ],
    ["no token", { status: 200, body: { ...good, Token: 7 } }, /does not contain Token/],
    ["no end", { status: 200, body: { ...good, Expiration: null } }, /does not contain Expiration/],
    [
      "an end that is none",
      { status: 200, body: { ...good, Expiration: "soon" } },
      /contains Expiration "soon"/,
    ],
    [
      "keys that are over",
      { status: 200, body: { ...good, Expiration: "2026-01-01T00:00:00Z" } },
      /that expired at/,
    ],
    ["a redirect", { status: 307, headers: { location: "https://example.com" } }, /returned 307/],
    [
      "escapes",
      { status: 403, body: `\u001b]0;x\u0007 ${"canary0".repeat(20)}` },
      /returned 403: \]0;x …\.$/,
    ],
  ] as const satisfies readonly (readonly [string, Reply, RegExp])[])
    it(`are not believed: ${what}`, async () => {
      const server = await scriptedServer({ plain: true });
      server.expect({ on: "GET /creds", reply });
      await assertRefused(() => credentials(full(`${server.url}/creds`)), failed(says));
      server.done();
      await server.close();
    });

  it("say that nobody answers", async () => {
    const env = full(`http://127.0.0.1:${await closedPort()}/`);
    await assertRefused(
      () => credentials(env),
      failed(/127\.0\.0\.1:\d+ cannot be reached: connection refused/),
    );
  });

  it("are asked for again while their agent fails, but not for ever", async () => {
    const server = await scriptedServer({ plain: true });
    const on = "GET /creds";
    server.expect(
      { on, reply: { status: 500 } },
      { on, reply: "drop" },
      { on, reply: { status: 200, body: good } },
    );
    const env = full(`${server.url}/creds`);
    assert.equal((await credentials(env)).accessKeyId, "ASIA1");
    server.expect(...[1, 2, 3].map(() => ({ on, reply: { status: 503, body: "busy" } })));
    await assertRefused(() => credentials(env), failed(/returned 503: busy/));
    server.done();
    await server.close();
  });
});
