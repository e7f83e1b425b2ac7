import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { addCluster, addRole, CLUSTER_READS, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const KEYS = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roleProfile = (name: string, role: string, region = LAB_REGION) =>
  `[profile ${name}]\nregion = ${region}\nrole_arn = ${roleArn(role)}\nsource_profile = base\n`;
const LISTS = { actions: ["eks:ListClusters"], resources: ["*"] };

suiteOnPosix("lab", "kubectl vouch setup eks --list", () => {
  const desk = labDesk();
  const list = (...flags: string[]) => run(flags);
  const run = (flags: readonly string[], options: DeskOptions = {}) =>
    desk.run(["setup", "eks", "--list", ...flags], options);
  const object = async (...flags: string[]) => {
    const { status, stdout, stderr } = await list(...flags, "-o", "json");
    return { status, stderr, ...JSON.parse(stdout) };
  };
  const names = (clusters: readonly { name: string }[]) => clusters.map(({ name }) => name);

  beforeEach(() => {
    desk.write(
      ".aws/config",
      `[profile base]\n${KEYS}${roleProfile("dev", "Dev")}${roleProfile("ops", "Ops")}${roleProfile("twin", "Dev")}${roleProfile("eu", "Dev", "eu-west-1")}`,
    );
    for (const name of ["Dev", "Ops"])
      addRole(desk.lab.world, {
        name,
        trust: [{ Effect: "Allow", Principal: { AWS: ADMIN }, Action: ["sts:AssumeRole"] }],
        allows: [name === "Dev" ? LISTS : CLUSTER_READS],
      });
    for (const [name, region] of [
      ["web", LAB_REGION],
      ["shop", "eu-west-1"],
      ["shop", "us-west-2"],
    ] as const)
      addCluster(desk.lab.world, {
        ...{ name, region, tags: { team: name } },
        endpoint: "https://127.0.0.1:9",
        certificateAuthority: desk.lab.ca.cert,
      });
  });

  it("prints each cluster once, with all profiles that see it and its context; only ListClusters is needed", async () => {
    await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "ops"]);
    const { status, stdout, stderr } = await list();
    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      `CLUSTER  REGION     ACCOUNT       PROFILES        CONTEXT
lab      us-east-1  111122223333  dev, twin, ops  lab-ops
shop     eu-west-1  111122223333  eu              -
web      us-east-1  111122223333  dev, twin, ops  -
`,
    );
    assert.equal(
      stderr,
      `Searched us-east-1, eu-west-1 only; for every region, add --regions all.
AWS profile base skipped: other profiles build on it (The region of the clusters is unknown.)
`,
    );
  });

  it("prints the same for programs", async () => {
    const { clusters, passedOver, failures, status } = await object("--match", "s*");
    assert.equal(status, 0);
    assert.deepEqual(clusters, [
      {
        ...{ name: "shop", region: "eu-west-1", account: "111122223333" },
        arn: "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
        profiles: ["eu"],
        contexts: [],
      },
    ]);
    assert.deepEqual(failures, []);
    assert.deepEqual(
      passedOver.map(({ profile }: { profile: string }) => profile),
      ["base", "dev", "ops"],
    );
  });

  it("writes neither kubeconfig nor records", async () => {
    await list();
    const files = fs.readdirSync(desk.home, { recursive: true, encoding: "utf8" });
    const written = files.filter((file) => fs.statSync(path.join(desk.home, file)).isFile());
    assert.deepEqual(
      written.filter((file) => !/^\.aws\/|\/(?:keys|profiles)\//.test(file)),
      [],
    );
  });

  it("searches every region with a profile that has none", async () => {
    desk.write(
      ".aws/config",
      `[default]\n${KEYS}${roleProfile("dev", "Dev")
        .replace(/^region = .*\n/m, "")
        .replace("base", "default")}`,
    );
    const { status, stdout, stderr } = await list("--profile", "dev");
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      stdout.match(/^\w+ +\S+-\d/gm)?.map((line) => line.replace(/ +/, " ")),
      ["lab us-east-1", "shop eu-west-1", "shop us-west-2", "web us-east-1"],
    );
    assert.doesNotMatch(stderr, /Searched/);
    const all = await desk.run(["setup", "eks", "--all", "--profile", "dev"]);
    assert.match(
      all.stderr,
      /^Specify it with --region, or search every region: `kubectl vouch setup eks --profile dev --all --regions all`$/m,
    );
  });

  it("looks in each profile's own region, and in those that are given", async () => {
    const { clusters } = await object("--regions", "us-west-2,cn-north-1");
    assert.deepEqual(
      clusters.map(({ name, region, profiles }: Record<string, unknown>) => [name, region, profiles]),
      [
        ["lab", "us-east-1", ["dev", "twin", "ops"]],
        ["shop", "eu-west-1", ["eu"]],
        ["shop", "us-west-2", ["base", "dev", "twin", "ops", "eu"]],
        ["web", "us-east-1", ["dev", "twin", "ops"]],
      ],
    );
    const every = await object("--regions", "all", "--profile", "ops");
    assert.deepEqual(names(every.clusters), ["lab", "shop", "shop", "web"]);
  });

  it("is for the profiles that are named, for a role, or for the caller", async () => {
    assert.deepEqual((await object("--profile", "[do]*")).clusters[0].profiles, ["dev", "ops"]);
    assert.deepEqual((await object("--profile", "ops")).clusters[0].profiles, ["ops"]);
    desk.logIn();
    allowClusterReads(desk.lab);
    const role = await object("--role", LAB_ROLE, "--region", LAB_REGION);
    assert.deepEqual([names(role.clusters), role.clusters[0].profiles], [["lab", "web"], []]);
    const caller = await run(["--ambient", "-o", "json"], { env: { AWS_PROFILE: "eu" } });
    assert.deepEqual(names(JSON.parse(caller.stdout).clusters), ["shop"]);
  });

  it("describes clusters for their tags alone, and tells whose it could not read", async () => {
    const { clusters, skipped, status } = await object("--profile", "ops", "--tag", "team=web");
    assert.deepEqual([status, names(clusters), skipped], [0, ["web"], []]);
    const blind = await list("--profile", "dev", "--tag", "team=web");
    assert.equal(blind.status, 6);
    assert.match(blind.stderr, /Cannot read the tags of 2 clusters: .*eks:DescribeCluster/);
  });

  it("goes on where a profile or a region is refused, and says so last and by the exit status", async () => {
    desk.lab.world.roles.get(roleArn("Dev"))?.allows.splice(0);
    const { status, stdout, stderr } = await list();
    assert.equal(status, 5, stderr);
    assert.match(stdout, /^lab +us-east-1 +111122223333 +ops +-$/m);
    assert.match(stderr, /\nerror: AWS profile dev: .+eks:ListClusters.+\n {2}\S.+\n/);

    desk.lab.aws.faults.takeover = ({ url, headers }, response) => {
      const isThere = url?.startsWith("/clusters") && headers.authorization?.includes("/us-west-2/eks/");
      if (!isThere) return false;
      response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException" }).end('{"message":"no"}');
      return true;
    };
    const region = await object("--profile", "ops", "--regions", "us-west-2");
    assert.equal(region.status, 5);
    assert.deepEqual(names(region.clusters), ["lab", "web"]);
    assert.deepEqual(
      region.failures.map(({ profile, region: where, code }: Record<string, string>) => [
        profile,
        where,
        code,
      ]),
      [["ops", "us-west-2", "aws-denied"]],
    );
  });

  it("passes over a profile of another partition where AWS_REGION is set for all", async () => {
    desk.write(
      ".aws/config",
      `${desk.read(".aws/config")}${roleProfile("cn", "Dev", "cn-north-1").replace("arn:aws:", "arn:aws-cn:")}`,
    );
    const { status, stderr } = await run([], { env: { AWS_REGION: LAB_REGION } });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^AWS profile cn skipped: us-east-1 \(AWS_REGION\) is in a different partition$/m);
  });

  it("says which contexts have lost their cluster", async () => {
    for (const cluster of ["lab", "web"])
      assert.equal((await desk.run(["setup", "eks", "--cluster", cluster, "--profile", "ops"])).status, 0);
    const { world } = desk.lab;
    const at = world.clusters.findIndex(({ name }) => name === "web");
    const [web] = world.clusters.splice(at, 1);
    const { stderr } = await list("--profile", "ops");
    assert.match(
      stderr,
      /^Context web-ops: arn:aws:eks:us-east-1:111122223333:cluster\/web no longer exists; to remove it: `kubectl config delete-context web-ops`$/m,
    );
    assert.doesNotMatch(stderr, /Context lab-ops/);
    assert.deepEqual((await object("--profile", "ops")).gone, [{ context: "web-ops", clusterArn: web?.arn }]);
    const elsewhere = await object("--profile", "eu");
    assert.deepEqual(elsewhere.gone, []);
  });

  it("says that there is none", async () => {
    desk.lab.world.clusters.splice(0);
    const { status, stdout, stderr } = await list("--profile", "ops");
    assert.deepEqual([status, stdout], [0, ""]);
    assert.match(stderr, /^No clusters found\.\nSearched us-east-1 only;/);
  });

  for (const flags of [["--cluster", "lab"], ["--all"], ["--use"], ["--dry-run"], ["--undo"]])
    it(`cannot be combined with ${flags[0]}`, async () => {
      const { status, stderr } = await list(...flags);
      assert.equal(status, 64);
      assert.match(stderr, /^error: --\S+ and --\S+ cannot be combined: /);
    });

  it("is what a program without a terminal is pointed to", async () => {
    const { status, stderr } = await desk.run(["setup", "eks"]);
    assert.equal(status, 64);
    assert.equal(
      stderr,
      "error: No cluster specified. [usage]\nUse `--cluster NAME` (`--list` shows the clusters), or `--all` for every cluster in the account.\n",
    );
  });
});
