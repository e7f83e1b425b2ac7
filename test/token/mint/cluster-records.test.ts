import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { clustersFolder } from "../../../token/hot/state-files.ts";
import {
  asClientGoEncodes,
  type ClusterKey,
  clusterRecord,
  findClusterRecord,
  forgetClusterRecord,
  keepClusterRecord,
} from "../../../token/mint/cluster-records.ts";
import { listTokens } from "../../../token/mint/token-cache.ts";
import { RECORD } from "../../support/cluster-infos.ts";
import { type MintBench, mintBench } from "../../support/mint-bench.ts";
import { onPosix } from "../../support/platform.ts";
import { profileBench } from "../../support/profile-bench.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const LAB: ClusterKey = { cluster: "lab", region: "us-east-1", account: "111122223333" };
const OTHER = { host: "other.gr7.us-east-1.eks.amazonaws.com", caData: "b3RoZXI=" };

describe("the record of a cluster", () => {
  const folder = tempFolder();
  const state = () => path.join(folder(), "state");

  it("removes the tokens that a profile minted beside another one, and none of its roles or of other profiles", async () => {
    const bench = profileBench(folder());
    const role = "arn:aws:iam::111122223333:role/x";
    for (const question of [{}, { role }, { profile: undefined }, { profile: "prod" }])
      await bench.mint({ question });
    const left = () =>
      listTokens(bench.state).map((entry) => "profile" in entry && [entry.profile, entry.role]);
    assert.equal(left().length, 4);
    const place = { cluster: "lab", region: "us-east-1", configFile: bench.config };
    keepClusterRecord(bench.state, { ...place, profile: "dev" }, RECORD);
    assert.deepEqual(
      new Set(left()),
      new Set([
        ["dev", role],
        [undefined, undefined],
        ["prod", undefined],
      ]),
    );
    keepClusterRecord(bench.state, LAB, RECORD);
    assert.deepEqual(
      new Set(left()),
      new Set([
        [undefined, undefined],
        ["prod", undefined],
      ]),
    );
  });

  onPosix("modes", "is not used where others could have replaced it", () => {
    keepClusterRecord(state(), LAB, RECORD);
    for (const open of [state(), clustersFolder(state())]) {
      fs.chmodSync(open, 0o722);
      assert.throws(() => findClusterRecord(state(), LAB), { code: "directory-unsafe" }, open);
      fs.chmodSync(open, 0o700);
    }
    assert.deepEqual(findClusterRecord(state(), LAB), RECORD);
  });

  it("of the caller's own credentials names null in its file, and is found again", () => {
    const own = { cluster: "lab", region: "us-east-1", profile: undefined, configFile: "/c" };
    keepClusterRecord(state(), own, RECORD);
    const [file = ""] = fs.readdirSync(clustersFolder(state()));
    assert.equal(JSON.parse(fs.readFileSync(path.join(clustersFolder(state()), file), "utf8")).profile, null);
    assert.deepEqual(findClusterRecord(state(), own), RECORD);
  });

  it("is found again, and is not that of another cluster, region or account", () => {
    keepClusterRecord(state(), LAB, RECORD);
    assert.deepEqual(findClusterRecord(state(), LAB), RECORD);
    for (const other of [{ cluster: "Lab" }, { region: "us-east-2" }, { account: "111122223334" }]) {
      assert.equal(findClusterRecord(state(), { ...LAB, ...other }), undefined);
    }
  });

  onPosix("modes", "lies in a file of ours alone, which the same record does not write again", () => {
    keepClusterRecord(state(), LAB, RECORD);
    const [name = ""] = fs.readdirSync(`${state()}/clusters`);
    const file = `${state()}/clusters/${name}`;
    const before = fs.statSync(file);
    assert.equal(before.mode & 0o777, 0o600);
    keepClusterRecord(state(), LAB, RECORD);
    assert.equal(fs.statSync(file).ino, before.ino);
  });

  it("is replaced by that of a cluster that was recreated, and forgotten once", () => {
    keepClusterRecord(state(), LAB, RECORD);
    keepClusterRecord(state(), LAB, OTHER);
    assert.deepEqual(findClusterRecord(state(), LAB), OTHER);
    forgetClusterRecord(state(), LAB);
    forgetClusterRecord(state(), LAB);
    assert.equal(findClusterRecord(state(), LAB), undefined);
  });

  for (const text of ["", "{", "[]", '{"version":1}', JSON.stringify({ version: 2, ...LAB, ...RECORD })]) {
    it(`is no record, and not as if there were none, with ${text.slice(0, 30)} in its file`, () => {
      keepClusterRecord(state(), LAB, RECORD);
      const [name = ""] = fs.readdirSync(`${state()}/clusters`);
      fs.writeFileSync(`${state()}/clusters/${name}`, text);
      assert.throws(() => findClusterRecord(state(), LAB), {
        code: "file-unreadable",
        hint: "Record it again: `kubectl vouch setup eks --cluster lab --region us-east-1`",
      });
      keepClusterRecord(state(), LAB, OTHER);
      assert.deepEqual(findClusterRecord(state(), LAB), OTHER);
    });
  }

  it("has the host of the endpoint, else the name that the certificate must have", () => {
    const cluster = { endpoint: "https://ABC.gr7.us-east-1.eks.amazonaws.com", caData: "Y2E=" };
    assert.deepEqual(clusterRecord(cluster), {
      host: "abc.gr7.us-east-1.eks.amazonaws.com",
      caData: "Y2E=",
    });
    assert.equal(clusterRecord(cluster, "Kubernetes").host, "kubernetes");
    for (const endpoint of ["", "http://abc", "abc", "https://abc@evil.example"])
      assert.throws(() => clusterRecord({ ...cluster, endpoint }), { code: "aws-failed" });
  });

  it("has the CA as client-go encodes it, whatever line breaks there are", () => {
    assert.equal(asClientGoEncodes("Y2Fu\nYXJ5\r\n"), "Y2FuYXJ5");
  });
});

describe("a minted token", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });
  const cachedRecords = () => listTokens(bench.state).map(({ record }) => record);

  it("carries the record of its cluster into the cache, and none where there is none", async () => {
    await bench.mint();
    keepClusterRecord(bench.state, { ...LAB, cluster: "lab2" }, RECORD);
    await bench.mint({ question: { cluster: "lab2" } });
    assert.deepEqual(
      new Set(listTokens(bench.state).map(({ cluster, record }) => `${cluster} ${record?.host}`)),
      new Set(["lab undefined", `lab2 ${RECORD.host}`]),
    );
  });

  it("is given with the record as it is now, without another exchange", async () => {
    await bench.mint();
    assert.deepEqual(cachedRecords(), [undefined]);
    keepClusterRecord(bench.state, LAB, RECORD);
    await bench.mint({ parentId: 101 });
    assert.deepEqual(cachedRecords(), [RECORD]);
    forgetClusterRecord(bench.state, LAB);
    await bench.mint({ parentId: 102 });
    assert.deepEqual(cachedRecords(), [undefined]);
    assert.equal(bench.exchanges.length, 1);
  });

  it("is removed from the cache by another record than its own, and by no record of another cluster", async () => {
    await bench.mint();
    for (const key of [
      { ...LAB, cluster: "lab2" },
      { ...LAB, account: "999988887777" },
    ])
      keepClusterRecord(bench.state, key, RECORD);
    assert.equal(listTokens(bench.state).length, 1);
    keepClusterRecord(bench.state, LAB, RECORD);
    assert.equal(listTokens(bench.state).length, 0);
    await bench.mint({ parentId: 101 });
    keepClusterRecord(bench.state, LAB, RECORD);
    assert.equal(listTokens(bench.state).length, 1);
    keepClusterRecord(bench.state, LAB, OTHER);
    assert.equal(listTokens(bench.state).length, 0);
  });
});
