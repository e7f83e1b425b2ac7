import assert from "node:assert/strict";
import type { ListedCluster } from "../../../plugin/setup/cluster-list.ts";
import type { FoundSetup } from "../../../plugin/setup/eks-entries.ts";
import { type ClusterContext, knownFirst, seenClusters } from "../../../plugin/setup/seen-clusters.ts";

const cluster = (name: string, region = "us-east-1", accountId = "111122223333"): ListedCluster => ({
  ...{ name, region, accountId },
  arn: `arn:aws:eks:${region}:${accountId}:cluster/${name}`,
});
const found = (profile: string | undefined, ...listed: ListedCluster[]) =>
  ({ identity: { profile }, found: { listed } }) as unknown as FoundSetup;
const context = (name: string, { name: clusterName, region, arn }: ListedCluster, usedAt: number) =>
  ({ name, stanza: { clusterName, region }, clusterArn: arn, usedAt }) as unknown as ClusterContext;

describe("the clusters that profiles see", () => {
  const seen = (...done: FoundSetup[]) => seenClusters({ done, passedOver: [] }, []);

  it("are listed once for all profiles that see them, by name, region and account", () => {
    const [a, b] = [cluster("lab"), cluster("lab", "eu-west-1")];
    const other = cluster("lab", "eu-west-1", "000000000001");
    const clusters = seen(
      found("dev", a, cluster("web")),
      found("ops", cluster("a"), a),
      found("eu", b),
      found("two", other),
    );
    assert.deepEqual(
      clusters.map(({ name, region, profiles }) => [name, region, profiles]),
      [
        ["a", "us-east-1", ["ops"]],
        ["lab", "eu-west-1", ["two"]],
        ["lab", "eu-west-1", ["eu"]],
        ["lab", "us-east-1", ["dev", "ops"]],
        ["web", "us-east-1", ["dev"]],
      ],
    );
  });

  it("are also those of profiles with the same identity, which were not used", () => {
    const passedOver = [
      { profile: "twin", reason: "it has the same identity as dev", sameAs: "dev" },
      { profile: "empty", reason: "it does not provide credentials" },
    ];
    const [only] = seenClusters({ done: [found("dev", cluster("lab"))], passedOver }, []);
    assert.deepEqual(only?.profiles, ["dev", "twin"]);
  });

  it("have no profile if they are seen without one", () => {
    assert.deepEqual(seen(found(undefined, cluster("lab")))[0]?.profiles, []);
  });

  it("come with their contexts; in a list to pick from, the one that was used last is first", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => cluster(name)) as [
      ...[ListedCluster, ListedCluster, ListedCluster, ListedCluster],
    ];
    const elsewhere = cluster("a", "us-east-1", "000000000001");
    const contexts = [
      context("new-c", c, 30),
      context("other", elsewhere, 25),
      context("b", b, 20),
      context("old-c", c, 10),
    ];
    const clusters = seenClusters({ done: [found("dev", d, c, b, a)], passedOver: [] }, contexts);
    const names = (all: typeof clusters) =>
      all.map((one) => [one.name, one.contexts.map(({ name }) => name)]);
    assert.deepEqual(names(clusters), [
      ["a", []],
      ["b", ["b"]],
      ["c", ["new-c", "old-c"]],
      ["d", []],
    ]);
    assert.deepEqual(names(knownFirst(clusters)), [
      ["c", ["new-c", "old-c"]],
      ["b", ["b"]],
      ["a", []],
      ["d", []],
    ]);
  });

  it("are recognized by name and region where a context does not contain the ARN", () => {
    const lab = cluster("lab");
    const by = (one: ListedCluster) =>
      seenClusters({ done: [found("dev", lab)], passedOver: [] }, [
        { ...context("x", one, 1), clusterArn: undefined },
      ])[0]?.contexts.length;
    assert.deepEqual([by(lab), by(cluster("lab", "eu-west-1")), by(cluster("web"))], [1, 0, 0]);
  });
});
