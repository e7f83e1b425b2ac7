import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { addCluster } from "../../lab/aws/world.ts";
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

  it("says that nothing matches, and writes nothing", async () => {
    const { status, stderr } = await desk.run(all(...here, "--match", "nothing-*"));
    assert.equal(status, 0);
    assert.match(stderr, /No cluster was found to set up\.\n$/);
    assert.equal(fs.existsSync(desk.kubeconfig), false);
  });

  it("skips a cluster that is not ready, with the reason, and sets up the others", async () => {
    cluster("young", { status: "CREATING" });
    const { status, stderr } = await desk.run(all(...here));
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^Skipped young in us-east-1: Cluster young is CREATING; it has no usable endpoint\.$/m,
    );
    assert.deepEqual(contextNames(), ["lab-vouch"]);

    const { stdout } = await desk.run(all(...here, "-o", "json"));
    assert.deepEqual((JSON.parse(stdout) as { skipped: object[] }).skipped, [
      { name: "young", reason: "Cluster young is CREATING; it has no usable endpoint.", region: LAB_REGION },
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
    assert.match(dry.stderr, /^Context old-vouch would be removed: .+ is gone$/m);
    assert.deepEqual(contextNames(), ["far-vouch", "lab-vouch", "old-vouch"]);

    const { status, stderr } = await desk.run(all(...here, "--prune"));
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^Context old-vouch was removed: arn:aws:eks:us-east-1:111122223333:cluster\/old is gone$/m,
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

  it("says nothing of the kind when it is quick", async () => {
    await desk.run(all(...here));
    const { stderr } = await desk.run(all(...here, "--dry-run"));
    assert.match(stderr, /^Context lab-vouch is already as it should be/);
  });

  it("needs a region", async () => {
    const { status, stderr } = await desk.run(all());
    assert.equal(status, 6);
    assert.match(stderr, /\[region-missing\]\n.*--region/);
  });
});
