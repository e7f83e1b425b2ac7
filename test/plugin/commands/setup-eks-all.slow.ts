import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { regionsOfPartition } from "../../../plugin/cluster/aws-regions.ts";
import { addCluster, addUser } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import type { Cluster } from "../../lab/model.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads } from "../../support/lab-words.ts";

describe("kubectl vouch setup eks --all", () => {
  const desk = labDesk();
  const all = (...flags: string[]) => ["setup", "eks", "--all", "--role", LAB_ROLE, ...flags];
  const here = ["--region", LAB_REGION];
  const cluster = (name: string, fields: Partial<Cluster> = {}) =>
    addCluster(desk.lab.world, {
      name,
      endpoint: `https://127.0.0.1:9/${name}`,
      certificateAuthority: desk.lab.ca.cert,
      ...fields,
    });
  const contextNames = () => {
    const { contexts } = parse(fs.readFileSync(desk.kubeconfig, "utf8")) as { contexts: { name: string }[] };
    return contexts.map(({ name }) => name).sort();
  };

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
  });

  it("sets up every cluster of the account and region", async () => {
    cluster("prod-a");
    cluster("elsewhere", { region: "eu-west-1" });
    const { status, stdout, stderr } = await desk.run(all(...here));
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(stderr, /^Context lab-vouch added: .+\nContext prod-a-vouch added: /m);
    assert.deepEqual(contextNames(), ["lab-vouch", "prod-a-vouch"]);
  });

  it("names what changes, and counts what is up to date", async () => {
    cluster("prod-a");
    await desk.run(all(...here));
    cluster("prod-b");
    const told = (verbs: string) => new RegExp(`^Context prod-b-vouch ${verbs} already up to date\\.\n`);
    assert.match(
      (await desk.run(all(...here, "--dry-run"))).stderr,
      told("would be added: .+\n2 contexts are"),
    );
    assert.match((await desk.run(all(...here))).stderr, told("added: .+\n2 contexts were"));
  });

  for (const regions of [
    ["--regions", "us-east-1", "eu-west-1"],
    ["--regions", "us-east-1,eu-west-1,"],
  ]) {
    it(`looks into several regions: ${regions.join(" ")}`, async () => {
      cluster(LAB_CLUSTER, { region: "eu-west-1" });
      const { status, stderr } = await desk.run(all(...regions));
      assert.equal(status, 0, stderr);
      assert.deepEqual(contextNames(), ["lab-eu-west-1-vouch", "lab-vouch"]);
    });
  }

  it("sets up only what --match matches", async () => {
    for (const name of ["prod-a", "prod-b", "xprod-c"]) cluster(name);
    assert.equal((await desk.run(all(...here, "--match", "prod-*"))).status, 0);
    assert.deepEqual(contextNames(), ["prod-a-vouch", "prod-b-vouch"]);
  });

  it("skips what --match chose and cannot be described, as without it", async () => {
    desk.lab.aws.faults.deny = ["eks:DescribeCluster"];
    for (const flags of [[], ["--match", "la*"]]) {
      const { status, stderr } = await desk.run(all(...here, ...flags));
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Skipped lab in us-east-1: /m);
    }
  });

  it("takes --match for a glob as shells have it", async () => {
    for (const name of ["prod-a", "prod-b", "prod-1"]) cluster(name);
    assert.equal((await desk.run(all(...here, "--match", "prod-[!0-9]"))).status, 0);
    assert.deepEqual(contextNames(), ["prod-a-vouch", "prod-b-vouch"]);
  });

  describe("refuses a choice that no cluster fits, and writes nothing:", () => {
    const refusal = async (...flags: string[]) => {
      const { status, stdout, stderr } = await desk.run(all(...flags));
      assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
      assert.equal(fs.existsSync(desk.kubeconfig), false);
      // Before it, on a slow machine, what it waits for.
      return stderr.slice(stderr.indexOf("error: "));
    };

    it("a pattern, with the names that there are", async () => {
      cluster("prod-a");
      assert.equal(
        await refusal(...here, "--match", "nothing-*"),
        "error: No cluster in us-east-1 matches nothing-*. Clusters there: lab, prod-a. [cluster-not-found]\n" +
          "Try a different pattern, quoted so that your shell does not expand it: --match 'la*'\n",
      );
    });

    it("a pattern, with the first of many names", async () => {
      for (let number = 0; number < 40; number += 1) cluster(`c${number}`);
      assert.match(
        await refusal("--regions", "us-east-1,eu-west-1", "--match", "x?"),
        /^error: No cluster in us-east-1, eu-west-1 matches x\?\. Clusters there: c0, c1, (\w+, ){9}c19 and 29 more\. \[cluster-not-found\]\n/,
      );
    });

    it("a pattern, where there is no cluster at all", async () => {
      assert.match(
        await refusal("--region", "eu-west-1", "--match", "x"),
        /^error: No clusters found in eu-west-1 \(account 111122223333\)\. \[cluster-not-found\]\nLook in other regions: --regions REGION\n/,
      );
    });

    it("a tag, with the values that there are", async () => {
      cluster("a", { tags: { env: "dev" } });
      cluster("b", { tags: { env: "stage", team: "x" } });
      assert.match(
        await refusal(...here, "--tag", "env=prod"),
        /^error: No cluster in us-east-1 has the tag env=prod\. Values of env there: dev, stage\. \[cluster-not-found\]\n/,
      );
    });

    it("a tag that no cluster has, with the keys that there are", async () => {
      cluster("a", { tags: { env: "dev", team: "x" } });
      assert.match(
        await refusal(...here, "--match", "[ab]", "--tag", "Env"),
        /^error: No cluster in us-east-1 that matches \[ab\] has the tag Env\. Tags there: env, team\. \[cluster-not-found\]\n/,
      );
      assert.match(
        await refusal(...here, "--match", "lab", "--tag", "Env"),
        /has the tag Env\. The clusters there do not have tags\. /,
      );
    });

    it("two tags that no cluster has together", async () => {
      cluster("a", { tags: { env: "dev" } });
      cluster("b", { tags: { team: "x" } });
      assert.match(
        await refusal(...here, "--tag", "env=dev", "--tag", "team=x"),
        /^error: No cluster in us-east-1 has the tags env=dev, team=x\. Each tag exists, but on different clusters\. /,
      );
    });

    it("a tag, where a cluster could not be described", async () => {
      allowClusterReads(desk.lab);
      Object.assign(desk.lab.aws.faults, { deny: ["eks:DescribeCluster"] });
      assert.match(
        await refusal(...here, "--tag", "env=prod"),
        /has the tag env=prod\. The clusters there do not have tags\. Cannot read the tags of 1 cluster: .*eks:DescribeCluster on lab.*\[cluster-not-found\]\n/,
      );
    });
  });

  it("prunes also where no cluster is left that --match or --tag fits", async () => {
    cluster("prod-a", { tags: { env: "prod" } });
    const prune = all(...here, "--match", "prod-*", "--tag", "env=prod", "--prune");
    assert.equal((await desk.run(prune)).status, 0);
    assert.deepEqual(contextNames(), ["prod-a-vouch"]);
    desk.lab.world.clusters.pop();
    const { status, stderr } = await desk.run(prune);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Context prod-a-vouch was removed: /m);
    assert.deepEqual(contextNames(), []);
  });

  it("sets up only what has all tags of --tag", async () => {
    cluster("a", { tags: { env: "prod", team: "x=y" } });
    cluster("b", { tags: { env: "prod", team: "" } });
    cluster("c", { tags: { env: "dev", team: "x" } });
    cluster("d", { tags: { env: "prod" }, status: "CREATING" });
    cluster("e", { tags: { env: "dev" }, status: "CREATING" });
    const chosen = async (...tags: string[]) => {
      fs.rmSync(desk.kubeconfig, { force: true });
      const { status, stderr } = await desk.run(all(...here, ...tags.flatMap((tag) => ["--tag", tag])));
      assert.equal(status, 0, stderr);
      const skipped = [...stderr.matchAll(/^Skipped (\S+)/gm)].map(([, name]) => `-${name}`);
      return [...contextNames().map((name) => name.replace("-vouch", "")), ...skipped];
    };
    assert.deepEqual(await chosen("env=prod"), ["a", "b", "-d"]);
    assert.deepEqual(await chosen("env=prod", "team"), ["a", "b"]);
    assert.deepEqual(await chosen("team=x=y"), ["a"]);
    assert.deepEqual(await chosen("team="), ["b"]);
    assert.deepEqual(await chosen("team"), ["a", "b", "c"]);
  });

  it("refuses a tag without a key", async () => {
    const { status, stderr } = await desk.run(all(...here, "--tag", "=prod"));
    assert.equal(status, 64);
    assert.match(stderr, /^error: --tag =prod does not contain a key\. \[usage\]\n/);
  });

  it("skips a cluster that is not ready, with the reason, and sets up the others", async () => {
    cluster("young", { status: "CREATING" });
    const { status, stderr } = await desk.run(all(...here));
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^Skipped young in us-east-1: Cluster young is CREATING, without a usable endpoint\.$/m,
    );
    assert.deepEqual(contextNames(), ["lab-vouch"]);

    const { stdout } = await desk.run(all(...here, "-o", "json"));
    assert.deepEqual((JSON.parse(stdout) as { skipped: object[] }).skipped, [
      { name: "young", reason: "Cluster young is CREATING, without a usable endpoint.", region: LAB_REGION },
    ]);
  });

  it("reads lists of more than one page", async () => {
    for (let number = 0; number < 105; number += 1) cluster(`c${String(number).padStart(3, "0")}`);
    assert.equal((await desk.run(all(...here, "--match", "c1??"))).status, 0);
    assert.deepEqual(contextNames(), ["c100-vouch", "c101-vouch", "c102-vouch", "c103-vouch", "c104-vouch"]);
  });

  it("removes contexts of clusters that are gone with --prune, and only where it looked", async () => {
    cluster("old");
    cluster("far", { region: "eu-west-1" });
    await desk.run(all("--regions", "us-east-1,eu-west-1"));
    const { clusters } = desk.lab.world;
    clusters.splice(0, clusters.length, ...clusters.filter(({ name }) => name === LAB_CLUSTER));

    const dry = await desk.run(all(...here, "--prune", "--dry-run"));
    assert.match(dry.stderr, /^Context old-vouch would be removed: .+ no longer exists$/m);
    assert.deepEqual(contextNames(), ["far-vouch", "lab-vouch", "old-vouch"]);

    const { status, stderr } = await desk.run(all(...here, "--prune"));
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^Context old-vouch was removed: arn:aws:eks:us-east-1:111122223333:cluster\/old no longer exists$/m,
    );
    assert.deepEqual(contextNames(), ["far-vouch", "lab-vouch"]);
  });

  it("keeps contexts of clusters that --match left out when it prunes", async () => {
    cluster("prod-a");
    await desk.run(all(...here));
    await desk.run(all(...here, "--match", "prod-*", "--prune"));
    assert.deepEqual(contextNames(), ["lab-vouch", "prod-a-vouch"]);
  });

  it("prunes nothing when one region cannot be listed", async () => {
    cluster("old");
    await desk.run(all(...here));
    desk.lab.world.clusters.pop();
    Object.assign(desk.lab.aws.faults, { deny: ["eks:ListClusters"] });
    const { status, stderr } = await desk.run(all(...here, "--prune"));
    assert.equal(status, 5);
    assert.match(stderr, /error: .*eks:ListClusters on us-east-1 .+ \[aws-denied\]\n/);
    assert.deepEqual(contextNames(), ["lab-vouch", "old-vouch"]);
  });

  it("says how far it is once it takes longer than 200 ms, and takes the line away on a terminal", async () => {
    Object.assign(desk.lab.aws.faults, { slowMs: 150, only: ["eks:*"] });
    cluster("prod-a");
    const { status, stderr } = await desk.run(all(...here), { terminals: ["stderr"], columns: 40 });
    assert.equal(status, 0, stderr);
    const shown = stderr.split("\r\u001b[K");
    assert.ok(shown.includes("Described 1 of 2 clusters in us-east-1…".slice(0, 39)), JSON.stringify(shown));
    assert.ok(shown.at(-1)?.startsWith("Context lab-vouch added"), "the line is taken away at the end");
  });

  it("says one line of progress in a pipe, however many clusters there are", async () => {
    Object.assign(desk.lab.aws.faults, { slowMs: 250, only: ["eks:*"] });
    for (let number = 0; number < 20; number += 1) cluster(`c${number}`);
    const { status, stderr } = await desk.run(all(...here, "--dry-run"), { showsProgress: true });
    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(/…\n/g)?.length, 1, stderr);
    assert.match(stderr, /^Listing clusters in us-east-1…\nContext lab-vouch would be added/);
  });

  it("needs a region", async () => {
    const { status, stderr } = await desk.run(all());
    assert.equal(status, 6);
    assert.match(stderr, /\[region-missing\]\n.*--region/);
  });

  it("searches every region of each profile's partition at once", async () => {
    const profiles = { com: "us-east-1", cn: "cn-north-1", gov: "us-gov-west-1" };
    const texts = Object.entries(profiles).map(([name, region], index) => {
      const [id, secret] = [`AKIALABUSER00000000${index}`, `LAB-CANARY/${name}`];
      const allows = [{ actions: ["*"], resources: ["*"] }];
      addUser(desk.lab.world, { name, allows, accessKeys: [{ id, secret, active: true }] });
      return `[profile ${name}]\nregion = ${region}\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    });
    desk.write(".aws/config", texts.join(""));
    const searched = new Set<string>();
    desk.lab.aws.faults.takeover = ({ url, headers }) => {
      const [, region = ""] = /\/([a-z0-9-]+)\/eks\//.exec(headers.authorization ?? "") ?? [];
      if (url?.startsWith("/clusters?") === true) searched.add(region);
      return false;
    };
    const { status, stderr } = await desk.run(["setup", "eks", "--list", "--regions", "all"]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      [...searched].sort(),
      ["aws", "aws-cn", "aws-us-gov"].flatMap((partition) => regionsOfPartition(partition)).sort(),
    );
  });
});
