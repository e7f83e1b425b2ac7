import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { addCluster, addEntry, addRole, CLUSTER_READS, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { type Answer, scriptedTerminal } from "../../support/scripted-terminal.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const KEYS = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roleProfile = (name: string, role: string, region = LAB_REGION) =>
  `[profile ${name}]\nregion = ${region}\nrole_arn = ${roleArn(role)}\nsource_profile = base\n`;
const ENTER = "\r";
const DOWN = "\u001b[B";

suiteOnPosix("lab", "kubectl vouch setup eks without a cluster, at a terminal", () => {
  const desk = labDesk();
  const at = async (answers: readonly Answer[], flags: readonly string[] = [], options: DeskOptions = {}) => {
    const terminal = scriptedTerminal(answers);
    const terminals = ["stdin", "stderr"] as const;
    const env = { LANG: "C.UTF-8", NO_COLOR: "1", ...options.env };
    const result = await desk.run(["setup", "eks", ...flags], { terminal, terminals, ...options, env });
    terminal.verify();
    return { ...result, screen: terminal.shown() };
  };
  const kubeconfig = () =>
    parse(fs.readFileSync(desk.kubeconfig, "utf8")) as {
      readonly contexts: { readonly name: string }[];
      readonly "current-context": string;
    };
  const names = () => kubeconfig().contexts.map(({ name }) => name);
  /** The lines of the list when it was first drawn. */
  const listed = (screen: string) => {
    const drawn = screen.split("Cluster:\n").find((part) => part.startsWith("❯")) ?? "";
    const lines = drawn.split("\n").filter((line) => /^[❯ ] \S/.test(line));
    return lines.map((line) => line.slice(2).replaceAll(/ {2,}/g, "  "));
  };

  /** A program that returns the administrator's keys. */
  const helper = (name: string) => {
    const { accessKeyId, secretAccessKey } = LAB_ADMIN_KEY;
    const answer = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
    const file = desk.write(`helper-${name}`, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    fs.chmodSync(file, 0o755);
    return file;
  };

  beforeEach(() => {
    desk.write(
      ".aws/config",
      `[profile base]\n${KEYS}${roleProfile("dev", "Dev")}${roleProfile("ops", "Ops")}${roleProfile("eu", "Dev", "eu-west-1")}`,
    );
    for (const name of ["Dev", "Ops"])
      addEntry(
        desk.lab.cluster,
        addRole(desk.lab.world, {
          name,
          trust: [{ Effect: "Allow", Principal: { AWS: ADMIN }, Action: ["sts:AssumeRole"] }],
          allows: [CLUSTER_READS],
        }),
      );
    for (const [name, region] of [
      ["web", LAB_REGION],
      ["shop", "eu-west-1"],
    ] as const)
      addCluster(desk.lab.world, {
        ...{ name, region, endpoint: "https://127.0.0.1:9", certificateAuthority: desk.lab.ca.cert },
      });
  });

  it("sets up the one that is picked, as the command does that it tells", async () => {
    const { status, stdout, stderr, screen } = await at([[..."shop", ENTER]]);
    assert.deepEqual([status, stdout], [0, ""], stderr);
    assert.deepEqual(listed(screen), [
      "lab  us-east-1  111122223333  dev, ops",
      "shop  eu-west-1  111122223333  eu",
      "web  us-east-1  111122223333  dev, ops",
    ]);
    const [, command = ""] = /^Without the list: `kubectl vouch (.+)`$/m.exec(stderr) ?? [];
    assert.equal(command, "setup eks --cluster shop --region eu-west-1 --profile eu");
    const written = desk.read(".kube/config");
    await desk.run(["setup", "eks", "--undo"]);
    assert.equal((await desk.run(command.split(" "))).status, 0);
    assert.equal(desk.read(".kube/config"), written);
  });

  it("asks with which profile, if several see it", async () => {
    const { status, stderr, screen } = await at([
      [..."lab", ENTER],
      [DOWN, ENTER],
    ]);
    assert.equal(status, 0, stderr);
    assert.match(screen, /AWS profile for lab:\n❯ dev\n {2}ops\n/);
    assert.match(stderr, /--cluster lab --region us-east-1 --profile ops`$/m);
    assert.deepEqual(names(), ["lab-ops"]);
  });

  it("shows first what is set up already, the one that was used last before all, and makes it current", async () => {
    for (const [cluster, profile] of [
      ["web", "dev"],
      ["lab", "ops"],
      ["shop", "eu"],
    ] as const)
      await desk.run(["setup", "eks", "--cluster", cluster, "--profile", profile, "--use"]);
    const clusters = `${desk.home}/.local/state/kubectl-vouch/clusters`;
    for (const file of fs.readdirSync(clusters)) fs.utimesSync(`${clusters}/${file}`, 1, 1);
    for (const file of fs.globSync(`${desk.home}/.local/state/kubectl-vouch/**/token-*.json`))
      fs.utimesSync(file, 2, 2);
    const { status, stderr, screen } = await at([[ENTER], [ENTER]]);
    assert.equal(status, 0, stderr);
    assert.equal(listed(screen)[0], "lab  us-east-1  111122223333  dev, ops  context lab-ops");
    assert.deepEqual(
      listed(screen)
        .slice(1)
        .map((line) => line.split(" ")[0])
        .sort(),
      ["shop", "web"],
    );
    assert.match(screen, /AWS profile for lab:\n❯ ops {2}context lab-ops\n {2}dev\n/);
    assert.match(stderr, /--profile ops --use`$/m);
    assert.equal(kubeconfig()["current-context"], "lab-ops");
    assert.deepEqual(names(), ["web-dev", "lab-ops", "shop-eu"]);
  });

  it("shows the clusters of the identity that the environment chooses, even a single one", async () => {
    const { status, stderr, screen } = await at([[ENTER]], [], { env: { AWS_PROFILE: "eu" } });
    assert.equal(status, 0, stderr);
    assert.deepEqual(listed(screen), ["shop  eu-west-1  111122223333  eu"]);
    assert.deepEqual(names(), ["shop-eu"]);
  });

  it("shows those of a Vouch role, and of the profiles and regions that are named", async () => {
    desk.logIn();
    allowClusterReads(desk.lab);
    const role = await at([[ENTER]], ["--role", LAB_ROLE, "--region", LAB_REGION]);
    assert.equal(role.status, 0, role.stderr);
    assert.deepEqual(listed(role.screen), ["lab  us-east-1  111122223333", "web  us-east-1  111122223333"]);
    assert.match(role.stderr, /--cluster lab --region us-east-1 --role \S+`$/m);
    await desk.run(["setup", "aws", "--role", LAB_ROLE, "--profile", "vouch", "--region", LAB_REGION]);
    const again = await at([[..."lab", ENTER]]);
    assert.match(again.stderr, /--cluster lab --region us-east-1 --profile vouch --use`\n/);
    assert.match(again.stderr, /^Context lab-vouch was already up to date/m);
    const flags = ["--profile", "e*", "--regions", LAB_REGION, "--match", "[ls]*"];
    const some = await at([[..."shop", ENTER]], flags);
    assert.deepEqual(listed(some.screen), [
      "lab  us-east-1  111122223333  eu  context lab-vouch",
      "shop  eu-west-1  111122223333  eu",
    ]);
  });

  it("asks for nothing twice", async () => {
    desk.write(
      ".aws/config",
      `[profile run]\nregion = ${LAB_REGION}\ncredential_process = ${helper("run")}\n`,
    );
    const { status, stderr } = await at(["y", [ENTER]], ["--profile", "run"]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(names(), ["lab-run"]);
    const again = await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "run"]);
    assert.equal(again.status, 0, again.stderr);
  });

  it("asks about one program at a time, in the order of the files, and goes on after a no", async () => {
    const program = (name: string) =>
      `[profile ${name}]\nregion = ${LAB_REGION}\ncredential_process = ${helper(name)}\n`;
    desk.write(".aws/config", ["one", "two", "three"].map(program).join(""));
    const { status, stderr, screen } = await at(["y", "no", "y", [..."lab", ENTER], [DOWN, ENTER]]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      [...screen.matchAll(/AWS profile (\w+) \(.*?Allow it\? \[y\/N\] (\w+)\n/gs)].map((found) =>
        found.slice(1),
      ),
      [
        ["one", "y"],
        ["two", "no"],
        ["three", "y"],
      ],
    );
    assert.match(stderr, /^error: The credential_process of AWS profile two was not approved/m);
    assert.deepEqual(names(), ["lab-three"]);
  });

  it("writes nothing if none is picked", async () => {
    const { status, stderr } = await at([["l", "\u0003"]]);
    assert.equal(status, 130);
    assert.match(stderr, /^error: Interrupted\. \[interrupted\]\nRun the command again/m);
    assert.equal(fs.existsSync(desk.kubeconfig), false);
  });

  it("tells which profiles could not be searched, before the list", async () => {
    desk.lab.world.roles.get(roleArn("Ops"))?.allows.splice(0);
    const { status, stderr } = await at([[ENTER]]);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^error: AWS profile ops: .+eks:ListClusters.+\n {2}Ask (?:.|\n)+\nWithout the list/,
    );
    assert.deepEqual(names(), ["lab-dev"]);
    desk.lab.world.roles.get(roleArn("Dev"))?.allows.splice(0);
    const none = await at([]);
    assert.equal(none.status, 5);
    assert.match(
      none.stderr,
      /^error: AWS profile (?:.|\n)+\nerror: AWS profile dev: AWS rejected eks:ListClusters (?:.|\n)+ \[aws-denied\]\n/,
    );
  });

  it("says where it looked if there is none, and how to look further", async () => {
    desk.lab.world.clusters.splice(0);
    const { status, stderr } = await at([]);
    assert.equal(status, 6);
    assert.equal(
      stderr,
      "error: No clusters found in eu-west-1, us-east-1 with AWS profiles dev, eu, ops. [cluster-not-found]\nSearch every region: `kubectl vouch setup eks --regions all`\n",
    );
    const one = await at([], ["--profile", "dev", "--regions", "all"]);
    assert.match(
      one.stderr,
      /\nTry different AWS profiles: `kubectl vouch setup eks --all-profiles --regions all`\n/,
    );
  });

  it("searches every region for a profile that has none, as `setup aws` writes them", async () => {
    const elsewhere = roleProfile("dev", "Dev").replace(/^region = .*\n/m, "");
    desk.write(".aws/config", `[profile base]\n${KEYS}${elsewhere}`);
    const { status, stderr, screen } = await at([[..."shop", ENTER]]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(listed(screen), [
      "lab  us-east-1  111122223333  dev",
      "shop  eu-west-1  111122223333  dev",
      "web  us-east-1  111122223333  dev",
    ]);
    assert.match(
      stderr,
      /^Without the list: `kubectl vouch setup eks --cluster shop --region eu-west-1 --profile dev`$/m,
    );
    const named = await at([[..."web", ENTER]], ["--profile", "dev"]);
    assert.equal(named.status, 0, named.stderr);
    desk.lab.world.clusters.splice(0);
    assert.equal(
      (await at([])).stderr,
      "error: No clusters found in any region with AWS profile dev. [cluster-not-found]\nTry different AWS profiles: `kubectl vouch setup eks --all-profiles`\n",
    );
  });

  it("says of a listed cluster that a permission is missing, not that its name may be wrong", async () => {
    desk.lab.aws.faults.takeover = ({ url }, response) => {
      if (url !== "/clusters/shop") return false;
      const body = { message: "User: ada is not authorized to perform: eks:DescribeCluster" };
      response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException" }).end(JSON.stringify(body));
      return true;
    };
    const { status, stderr } = await at([[..."shop", ENTER]]);
    assert.equal(status, 5, stderr);
    assert.match(
      stderr,
      /\[aws-denied\]\nAsk an IAM administrator to allow this action, or describe the cluster with a/,
    );
    assert.doesNotMatch(stderr, /Check the cluster name/);
  });

  it("has what AWS is not configured for as its error", async () => {
    desk.write(".aws/config", "");
    const { status, stderr } = await at([]);
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: No AWS profiles found in \S+ or \S+\. \[aws-not-configured\]\nWrite profiles for your accounts in IAM Identity Center: `kubectl vouch setup aws --sso-start-url URL`\. To log in with a security key instead: `kubectl vouch setup aws --role /,
    );
  });

  for (const [what, options] of Object.entries({
    "an AI agent": { env: { CLAUDECODE: "1" } },
    "a CI job": { env: { CI: "true" } },
    "a pipe": { terminals: ["stderr"] },
    "no terminal": { terminal: "none" },
  } satisfies Record<string, DeskOptions>))
    it(`is an error for ${what}`, async () => {
      const { status, stderr } = await at([], [], options);
      assert.equal(status, 64);
      assert.match(stderr, /^error: No cluster specified\. \[usage\]\n.*`--list`/m);
    });
});
