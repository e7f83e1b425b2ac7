import assert from "node:assert/strict";
import { type ListWish, listClusters } from "../../../plugin/setup/cluster-list.ts";
import { searchLines } from "../../../plugin/setup/setup-report.ts";
import { VouchError } from "../../../token/errors/errors.ts";

describe("the clusters of every region", () => {
  const list = (refused: readonly string[], changes: Partial<ListWish> = {}) =>
    listClusters({
      regions: ["eu-west-1", "me-south-1"],
      isEvery: true,
      notSearched: [],
      isListing: false,
      account: Promise.resolve({ accountId: "111122223333", partition: "aws" }),
      match: undefined,
      wanted: [],
      prune: true,
      known: [],
      eksOf: async (region) => ({
        describeCluster: async () => ({}),
        async listClusters() {
          if (refused.includes(region)) throw new VouchError("aws-denied", `${region} refuses.`);
          return [];
        },
      }),
      withProfile: "",
      say: () => {},
      ...changes,
    });

  it("are those of the regions that accept the credentials; the others are told", async () => {
    const { notSearched, live } = await list(["me-south-1"]);
    assert.deepEqual(notSearched, [{ region: "me-south-1", reason: "me-south-1 refuses." }]);
    assert.deepEqual(live.scopes, [{ accountId: "111122223333", region: "eu-west-1" }]);
  });

  it("are named in one line, with a reason that all have in common", () => {
    const live = { arns: new Set<string>(), scopes: [{ accountId: "111122223333", region: "eu-west-1" }] };
    const lines = (second: string, regions: readonly string[], all = true) =>
      searchLines(
        [
          {
            ...{ clusters: [], skipped: [], live },
            notSearched: [
              { region: "a", reason: "x" },
              { region: "b", reason: second },
            ],
          },
        ],
        { all, regions },
      );
    assert.deepEqual(lines("x", ["all"]), ["Not searched: a, b: x"]);
    assert.deepEqual(lines("y", ["all"]), ["Not searched: a, b (-o json shows the reasons)"]);
    const only = "Searched eu-west-1 only; for every region, add --regions all.";
    const one = [{ clusters: [], skipped: [], live, notSearched: [] }];
    assert.deepEqual(searchLines(one, { all: true, regions: [] }), [only]);
    assert.deepEqual(lines("x", []), ["Not searched: a, b: x"]);
    assert.deepEqual(lines("x", [], false), ["Not searched: a, b: x"]);
  });

  it("are not listed further once interrupted", async () => {
    const eksOf = async (region: string) => {
      if (region === "me-south-1") throw new VouchError("interrupted", "Interrupted.");
      return { describeCluster: async () => ({}), listClusters: async () => [] };
    };
    await assert.rejects(list([], { eksOf }), { code: "interrupted" });
  });

  it("are an error where every region refuses, or one that was named", async () => {
    await assert.rejects(list(["eu-west-1", "me-south-1"]), /eu-west-1 refuses/);
    await assert.rejects(list(["me-south-1"], { isEvery: false }), /me-south-1 refuses/);
  });
});
