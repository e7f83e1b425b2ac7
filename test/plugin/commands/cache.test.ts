import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { profilesFolder } from "../../../token/hot/state-files.ts";
import { awsRequest } from "../../../token/mint/mint-token.ts";
import { keepToken } from "../../../token/mint/token-cache.ts";
import { profilesHolder, rememberName } from "../../../token/session/session-secrets.ts";
import { clockTime } from "../../../token/text/time.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { CREDENTIAL_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch cache", () => {
  const desk = labDeskAtRest();
  const mint = (env = {}) =>
    desk.run([...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url], { answersSecret: true, env });

  beforeEach(() => desk.logIn());

  it("is empty at first", async () => {
    const heading = "CLUSTER  REGION  ROLE  IDENTITY  EXPIRES IN\n";
    assert.deepEqual(await desk.run(["cache", "list"]), {
      status: 0,
      stdout: heading,
      stderr: "Nothing is cached.\n",
    });
    const { stdout } = await desk.run(["cache", "list", "-o", "json"]);
    assert.deepEqual(JSON.parse(stdout), { apiVersion: "vouch.kubectl/v1", kind: "CacheList", items: [] });
  });

  it("lists what is cached, for whom, and how long it lives", async () => {
    await mint();
    await mint({ CLAUDECODE: "1" });
    const { status, stdout, stderr } = await desk.run(["cache", "list"]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const [heading, ...rows] = stdout.split("\n");
    assert.match(heading ?? "", /^CLUSTER {2}REGION {5}ROLE {2,}IDENTITY {2,}EXPIRES IN$/);
    assert.deepEqual(rows.sort(), [
      "",
      `lab      us-east-1  ${LAB_ROLE}  ada@example.com                      14 min`,
      `lab      us-east-1  ${LAB_ROLE}  ada@example.com (agent claude-code)  14 min`,
    ]);

    desk.advance(20 * 60_000);
    assert.match((await desk.run(["cache", "list"])).stdout, / expired\n/);
  });

  it("lists with -o wide also until when, of which server and in which file", async () => {
    await mint();
    const { stdout } = await desk.run(["cache", "list", "-owide"]);
    const { items } = JSON.parse((await desk.run(["cache", "list", "-o", "json"])).stdout);
    const [{ file, expires }] = items as [{ file: string; expires: string }];
    const until = clockTime(Date.parse(expires), desk.lab.clock());
    assert.match(stdout, /^CLUSTER .* EXPIRES IN {2}UNTIL {2,}SERVER {2,}FILE\n/);
    assert.ok(stdout.endsWith(`  14 min      ${until}  ${desk.lab.vouch.url}  ${file}\n`), stdout);
  });

  it("lists the same for programs", async () => {
    await mint();
    const { stdout } = await desk.run(["cache", "list", "-o", "json"]);
    const { items } = JSON.parse(stdout) as { items: Record<string, unknown>[] };
    const { expires, file, ...rest } = items[0] ?? {};
    assert.ok(Date.parse(String(expires)) > desk.lab.clock());
    assert.ok(String(file).startsWith(`${desk.home}/.local/state/kubectl-vouch/sessions/`), String(file));
    assert.deepEqual(rest, {
      server: desk.lab.vouch.url,
      identity: "ada@example.com",
      role: LAB_ROLE,
      cluster: LAB_CLUSTER,
      region: LAB_REGION,
      agent: null,
    });
  });

  it("forgets everything with clear, and leaves one logged in", async () => {
    await mint();
    assert.deepEqual(await desk.run(["cache", "clear"]), {
      status: 0,
      stdout: "",
      stderr: "Removed 1 token and the AWS credentials of 1 role.\n",
    });
    assert.equal(
      (await desk.run(["cache", "clear"])).stderr,
      "Removed 0 tokens and the AWS credentials of 0 roles.\n",
    );
    assert.equal((await desk.run(["status"])).status, 0);
    desk.lab.aws.clearCalls();
    await mint();
    assert.deepEqual(
      desk.lab.aws.calls.map(({ operation }) => operation),
      ["AssumeRoleWithWebIdentity"],
    );
  });

  it("says to programs how much it removed", async () => {
    await mint();
    const { status, stdout, stderr } = await desk.run(["cache", "clear", "-ojson"]);
    assert.deepEqual([status, stderr], [0, ""]);
    const object = { apiVersion: "vouch.kubectl/v1", kind: "CacheCleared" };
    assert.deepEqual(JSON.parse(stdout), { ...object, tokens: 1, credentials: 1 });
  });

  it("lists a token by an AWS profile with it, and forgets it and the credentials it was made with", async () => {
    const state = path.join(desk.home, ".local/state/kubectl-vouch");
    const profiles = profilesFolder(state);
    const question = { cluster: LAB_CLUSTER, region: LAB_REGION, profile: "dev", role: undefined, via: [] };
    const { key } = awsRequest(question, { env: {}, homeDir: desk.home });
    fs.mkdirSync(profiles, { mode: 0o700 });
    const expires = desk.lab.clock() + 300_500;
    keepToken({ folder: profiles }, { key, token: "k8s-aws-v1.canary", expires });
    const holder = profilesHolder(state, "file");
    assert.ok(rememberName(holder, "x"));
    const secret = path.join(desk.home, ".local/share/kubectl-vouch/keys", "aws%3Aprofiles%3Ax.json");
    fs.writeFileSync(secret, "canary", { mode: 0o600 });

    const { stdout } = await desk.run(["cache", "list", "-o", "wide"]);
    const [, row = ""] = stdout.split("\n");
    assert.match(row, /^lab +us-east-1 +- +profile dev +5 min +\S.* +- +\//);
    const { items } = JSON.parse((await desk.run(["cache", "list", "-o", "json"])).stdout);
    const { expires: _until, file: _file, ...rest } = items[0];
    assert.deepEqual(rest, {
      profile: "dev",
      role: null,
      region: LAB_REGION,
      cluster: LAB_CLUSTER,
      agent: null,
    });

    const { stderr } = await desk.run(["cache", "clear"]);
    assert.equal(stderr, "Removed 1 token and the AWS credentials of 1 role.\n");
    assert.deepEqual([fs.readdirSync(profiles), fs.existsSync(secret)], [[], false]);
  });

  it("lists a token whose key it cannot read, and clears it and one that others may read", async () => {
    const sessions = path.join(desk.home, ".local/state/kubectl-vouch/sessions");
    const plant = (name: string, key: string, mode: number) => {
      const file = path.join(sessions, fs.readdirSync(sessions)[0] ?? "", name);
      fs.writeFileSync(file, JSON.stringify({ key, token: "k8s-aws-v1.canary", expires: 0 }), { mode });
      fs.chmodSync(file, mode);
      return file;
    };
    const files = [plant("token-1.json", "of another version", 0o600), plant("token-2.json", "[]", 0o644)];
    const { status, stdout } = await desk.run(["cache", "list"]);
    assert.deepEqual(
      { status, stdout },
      {
        status: 0,
        stdout: "CLUSTER  REGION  ROLE  IDENTITY  EXPIRES IN\n                                 expired\n",
      },
    );
    assert.deepEqual(await desk.run(["cache", "clear"]), {
      status: 0,
      stdout: "",
      stderr: "Removed 2 tokens and the AWS credentials of 0 roles.\n",
    });
    assert.deepEqual(files.filter(fs.existsSync), []);
  });

  it("says what can be done with it", async () => {
    const { status, stderr } = await desk.run(["cache", "-o", "json"]);
    assert.equal(status, 64);
    assert.equal(
      stderr,
      "error: Specify a command: list or clear. [usage]\nSee `kubectl vouch cache --help`.\n",
    );
  });
});
