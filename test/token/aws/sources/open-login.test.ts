import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loginTokenFile } from "../../../../token/aws/sources/cache-names.ts";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import type { VouchError } from "../../../../token/errors/errors.ts";
import { lendSession } from "../../../lab/aws/signin/lend-session.ts";
import { addRole } from "../../../lab/aws/world.ts";
import { closedPort } from "../../../lab/loopback.ts";
import type { IamRole } from "../../../lab/model.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { connectProxy } from "../../net/connect-proxy.ts";
import { assertRefused } from "./refusal.ts";
import { WISH } from "./source-access.ts";
import { type SourceLab, startSourceLab } from "./source-lab.ts";

const SESSION = "arn:aws:sts::111122223333:assumed-role/Console/ada";
const MINUTE_MS = 60_000;

describe("a login of aws login as a source", () => {
  const folder = tempFolder();
  let lab: SourceLab;
  let role: IamRole;
  let file: string;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    role = addRole(lab.world, { name: "Console" });
    file = path.join(folder(), ".aws", "login", "cache", loginTokenFile(SESSION));
    fs.mkdirSync(path.dirname(file), { recursive: true });
  });
  afterEach(() => lab.close());

  const logIn = (leftMs: number, fields: object = {}) => {
    const lent = lendSession(lab.world, { role, now: lab.clock(), leftMs });
    write({ ...lent.file, ...fields });
    return lent;
  };
  const write = (content: object | string) =>
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  const written = () => JSON.parse(fs.readFileSync(file, "utf8"));
  const open = (more: Partial<PlanAccess> = {}, config = `[profile l]\nlogin_session = ${SESSION}\n`) =>
    lab.open({ config, profile: "l" }, more);
  const operations = () => lab.standIn.calls.map(({ operation }) => operation);
  const needed = (says: RegExp) => ({ code: "aws-login-needed", exit: 2, says }) as const;

  it("gives its keys while they live five minutes more, and asks nobody", async () => {
    logIn(6 * MINUTE_MS);
    const opened = await open({ clock: () => lab.clock() + 10_000 });
    const keys = await opened.credentials(WISH);
    assert.equal(lab.callerOf(keys), SESSION);
    assert.deepEqual(
      opened.witnesses?.map(([name]) => name),
      [file],
    );
    assert.deepEqual(operations(), []);
  });

  for (const leftMs of [4 * MINUTE_MS, -MINUTE_MS])
    onPosix(
      "modes",
      `gets new keys in place of those that have ${leftMs / MINUTE_MS} minutes, and replaces the file`,
      async () => {
        const { file: before } = logIn(leftMs, { note: "of another tool" });
        const opened = await open();
        const keys = await opened.credentials(WISH);
        assert.equal(lab.callerOf(keys), SESSION);
        const left = (keys.expires ?? 0) - lab.clock();
        assert.ok(left > 14 * MINUTE_MS && left <= 15 * MINUTE_MS, String(left));
        const after = written();
        assert.deepEqual([...lab.world.signInSessions.keys()], [after.refreshToken]);
        assert.deepEqual(
          [after.note, after.dpopKey, after.clientId],
          ["of another tool", before["dpopKey"], before["clientId"]],
        );
        assert.deepEqual(
          [after.accessToken.accessKeyId, after.accessToken.accountId],
          [keys.accessKeyId, "111122223333"],
        );
        assert.match(after.accessToken.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.equal(fs.statSync(file).mode & 0o777, 0o600);
        assert.deepEqual(fs.readdirSync(path.dirname(file)), [path.basename(file)]);
        assert.equal(opened.witnesses, undefined, "the file is too young to tell");
      },
    );

  it("goes on with keys that live, where AWS does not answer", async () => {
    logIn(2 * MINUTE_MS);
    const endpoints = {
      ...lab.access().endpoints,
      signinEndpoint: `https://127.0.0.1:${await closedPort()}`,
    };
    assert.equal(lab.callerOf(await (await open({ endpoints })).credentials(WISH)), SESSION);
    logIn(-1000);
    await assert.rejects(open({ endpoints }), { code: "aws-unreachable" });
  });

  it("is read where AWS_LOGIN_CACHE_DIRECTORY says", async () => {
    logIn(10 * MINUTE_MS);
    const elsewhere = path.join(folder(), "elsewhere");
    fs.mkdirSync(elsewhere);
    fs.renameSync(file, path.join(elsewhere, path.basename(file)));
    const env = { AWS_LOGIN_CACHE_DIRECTORY: elsewhere };
    assert.equal(lab.callerOf(await (await open({ env })).credentials(WISH)), SESSION);
    const underHome = { AWS_LOGIN_CACHE_DIRECTORY: "~/elsewhere" };
    assert.ok(await open({ env: underHome }));
  });

  it("is asked for in its own region, else the profile's, else the cluster's", async () => {
    const proxy = await connectProxy({ port: Number(new URL(lab.standIn.url).port) });
    const config = `[profile l]\nregion = eu-west-1\nlogin_session = ${SESSION}\n`;
    for (const [fields, text, region] of [
      [{ signInRegion: "eu-central-1" }, config, "eu-central-1"],
      [{}, config, "eu-west-1"],
      [{}, config.replace("region = eu-west-1\n", ""), "us-east-1"],
    ] as const) {
      logIn(MINUTE_MS, fields);
      const { awsCaBundle = "" } = lab.access().endpoints;
      await open({ env: { HTTPS_PROXY: proxy.url }, endpoints: { awsCaBundle } }, text);
      assert.equal(proxy.asked.at(-1)?.target, `${region}.signin.aws.amazon.com:443`);
    }
    await proxy.close();
  });

  for (const [what, fields, says] of [
    [
      "TOKEN_EXPIRED",
      { expires: new Date(0) },
      /not logged in as arn.*: AWS returned: The refresh token has expired/,
    ],
    [
      "USER_CREDENTIALS_CHANGED",
      { refusal: "USER_CREDENTIALS_CHANGED" },
      /AWS returned: The user credentials have changed/,
    ],
    ["another key", { keyThumbprint: "x" }, /AWS returned: The provided authorization grant is invalid/],
  ] as const)
    it(`says that it is over: ${what}`, async () => {
      Object.assign(logIn(-1).session, fields);
      await assertRefused(() => open(), needed(says));
    });

  const keys = { accessKeyId: "ASIAX", secretAccessKey: "canary", sessionToken: "canary" };
  for (const [what, answer] of [
    ["a page", "<html>hotel</html>"],
    ["no keys", { refreshToken: "canary", expiresIn: 900 }],
    ["half a key", { accessToken: { ...keys, secretAccessKey: "" }, refreshToken: "canary", expiresIn: 900 }],
    ["no other refresh token", { accessToken: keys, expiresIn: 900 }],
    ["no end", { accessToken: keys, refreshToken: "canary" }],
    ["an end in the past", { accessToken: keys, refreshToken: "canary", expiresIn: -1 }],
    ["an end beyond all years", { accessToken: keys, refreshToken: "canary", expiresIn: 1e300 }],
  ] as const)
    it(`does not believe AWS when it answers ${what}`, async () => {
      const before = logIn(-1).file;
      lab.standIn.faults.takeover = (_request, response) => {
        response.writeHead(200).end(typeof answer === "string" ? answer : JSON.stringify(answer));
        return true;
      };
      await assert.rejects(open(), (error: VouchError) => {
        assert.deepEqual([error.code, error.exit], ["aws-failed", 4]);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
      assert.deepEqual(written(), before);
    });

  it("says that rights are missing", async () => {
    logIn(-1).session.refusal = "INSUFFICIENT_PERMISSIONS";
    await assert.rejects(open(), { code: "aws-denied", exit: 5 });
  });

  for (const [what, spoil, says] of [
    ["nobody logged in", () => fs.rmSync(file), /not logged in as arn[^ ]*ada\.$/],
    ["the file is empty", () => write(""), /is empty or not JSON/],
    ["the file is torn", () => fs.truncateSync(file, 100), /is empty or not JSON/],
    ["the key is none", () => write({ ...written(), dpopKey: "canary" }), /key in its file is unreadable/],
    ["a part is missing", () => write({ ...written(), refreshToken: 1 }), /does not contain refreshToken/],
    [
      "the date is none",
      () => write({ ...written(), accessToken: { expiresAt: "soon" } }),
      /does not contain a valid expiresAt/,
    ],
  ] as const)
    it(`says that one has to log in: ${what}`, async () => {
      logIn(-1);
      spoil();
      await assertRefused(() => open(), needed(says));
    });
});
