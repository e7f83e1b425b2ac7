import assert from "node:assert/strict";
import { partitionById, partitionOfRegion } from "../../../token/hot/partition.ts";

describe("partitionOfRegion", () => {
  const cases = {
    "us-east-1": "aws",
    "ap-southeast-5": "aws",
    "xx-nowhere-9": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "eusc-de-east-1": "aws-eusc",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
  };
  for (const [region, id] of Object.entries(cases)) {
    it(`is ${id} for ${region}`, () => {
      assert.equal(partitionOfRegion(region).id, id);
    });
  }
});

describe("partitionById", () => {
  it("knows eight, and each one's default region belongs to it", () => {
    const ids = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];
    assert.deepEqual(
      ids.map((id) => partitionOfRegion(partitionById(id)?.defaultRegion ?? "").id),
      ids,
    );
  });

  for (const id of ["", "AWS", "aws-mars", "toString"]) {
    it(`knows no ${JSON.stringify(id)}`, () => {
      assert.equal(partitionById(id), undefined);
    });
  }
});
