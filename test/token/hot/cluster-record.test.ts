import assert from "node:assert/strict";
import { answerWarm } from "../../../token/hot/answer.ts";
import { type ClusterRecord, clusterRefusal, readClusterRecord } from "../../../token/hot/cluster-record.ts";
import { CLUSTER_INFO_CASES, execInfoFor, RECORD } from "../../support/cluster-infos.ts";
import { mutatedClusterInfo } from "../../support/cluster-mutations.ts";
import { NOON_TABLE } from "../../support/hot-cases.ts";
import { fakeHost } from "../../support/hot-host.ts";
import { randomNumbers } from "../../support/mutations.ts";

describe("clusterRefusal", () => {
  for (const { name, asked, refusal } of CLUSTER_INFO_CASES) {
    it(`is ${refusal} for ${name}`, () => {
      assert.equal(clusterRefusal(asked, RECORD, false), refusal);
      const isSaid = asked !== undefined && asked !== null;
      assert.equal(clusterRefusal(asked, RECORD, true), isSaid ? refusal : "unsaid");
    });

    it(`is no matter of the cluster where none was recorded: ${name}`, () => {
      assert.equal(clusterRefusal(asked, undefined, false), refusal === "unchecked" ? refusal : undefined);
      const isSaid = asked !== undefined && asked !== null;
      const required = isSaid ? "unrecorded" : "unsaid";
      assert.equal(clusterRefusal(asked, undefined, true), refusal === "unchecked" ? refusal : required);
    });
  }
});

describe("readClusterRecord", () => {
  const none = [undefined, null, "x", 1, [], {}, { host: "x" }, { host: "x", caData: 1 }, { caData: "x" }];
  for (const value of none) {
    it(`finds none in ${JSON.stringify(value)}`, () => {
      assert.equal(readClusterRecord(value), undefined);
    });
  }

  it("takes what belongs to it, and nothing else", () => {
    assert.deepEqual(readClusterRecord({ ...RECORD, more: 1 }), RECORD);
  });
});

/**
 * The comparison as somebody else would write it, with a parser of addresses that is not ours. It takes more for the same
 * than we do; nothing may be answered that it tells apart.
 */
function isSameCluster(asked: unknown, record: ClusterRecord): boolean {
  if (typeof asked !== "object" || asked === null || Array.isArray(asked))
    return asked === undefined || asked === null;
  const info = new Map(Object.entries(asked));
  const server = String(info.get("server"));
  const name = info.get("tls-server-name") || (URL.canParse(server) ? new URL(server).hostname : "");
  const ca = info.get("certificate-authority-data");
  return (
    /^https:/i.test(server.trim()) &&
    String(name).toLowerCase() === record.host &&
    typeof ca === "string" &&
    Buffer.from(ca, "base64").equals(Buffer.from(record.caData, "base64")) &&
    !info.get("insecure-skip-tls-verify")
  );
}

const RECORDED =
  NOON_TABLE.cases.find(({ name }) => name === "for the recorded cluster") ?? assert.fail("no such case");

const SEED = Number(process.env["VOUCH_FUZZ_SEED"] ?? 20_261_126);
const CASES = Number(process.env["VOUCH_FUZZ_CASES"] ?? 20_000);

describe(`the warm answer to ${CASES} clusters that are almost the recorded one (seed ${SEED})`, () => {
  it("gives a token only where another comparison says that it is the same", () => {
    const random = randomNumbers(SEED);
    const counts = { given: 0, refused: 0, onlyTheOtherSaysSame: 0 };
    for (let index = 0; index < CASES; index += 1) {
      const asked = mutatedClusterInfo(random);
      const env = { KUBERNETES_EXEC_INFO: execInfoFor(asked) };
      const isGiven = answerWarm(fakeHost(NOON_TABLE.situation({ ...RECORDED, env })));
      const isSame = isSameCluster(asked, RECORD);
      assert.ok(!isGiven || isSame, `given for ${JSON.stringify(asked)}`);
      counts[isGiven ? "given" : isSame ? "onlyTheOtherSaysSame" : "refused"] += 1;
    }
    assert.ok(counts.given > CASES / 20, JSON.stringify(counts));
    assert.ok(counts.refused > CASES / 3, JSON.stringify(counts));
    assert.ok(counts.onlyTheOtherSaysSame < CASES / 20, JSON.stringify(counts));
  });
});
