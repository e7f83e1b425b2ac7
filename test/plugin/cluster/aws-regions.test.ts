import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { regionsOfPartition } from "../../../plugin/cluster/aws-regions.ts";

interface SdkPartitions {
  readonly partitionsInfo: {
    readonly partitions: readonly { readonly id: string; readonly regions: object }[];
  };
}

/** Where AWS's SDK keeps its list, which it does not export. */
const SDK = path.resolve(
  import.meta.dirname,
  "../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js",
);

describe("the regions of a partition", () => {
  it("are those that AWS's SDK knows", async () => {
    const { partitionsInfo } = (await import(pathToFileURL(SDK).href)) as SdkPartitions;
    for (const { id, regions } of partitionsInfo.partitions) {
      const known = Object.keys(regions).filter((region) => !region.endsWith("-global"));
      assert.deepEqual([...regionsOfPartition(id)].sort(), known.sort(), id);
    }
  });
});
