import assert from "node:assert/strict";
import fs from "node:fs";
import { awsAuthCorpus } from "../../../peers/corpora/aws-auth.ts";
import {
  type AwsAuthReading,
  type Lookup,
  lookUpByDoctor,
  lookUpInLab,
  readByDoctor,
  readInLab,
  type Sections,
} from "../../../support/aws-auth-readings.ts";

interface Vectors {
  readonly caller: string;
  readonly maps: readonly {
    readonly data: Sections;
    /** What the authenticator logs. */
    readonly error: string;
    readonly reading: AwsAuthReading;
    /** What it gives the caller. */
    readonly lookup: Lookup;
  }[];
}

/** Written by test/peers/corpora/aws-auth.peer.ts; their origin is in the file. */
const { caller, maps } = JSON.parse(
  fs.readFileSync(new URL("../../../vectors/aws-auth.json", import.meta.url), "utf8"),
) as Vectors;

function entriesOf(reading: AwsAuthReading | undefined) {
  return reading && { roles: reading.roles, users: reading.users, accounts: reading.accounts };
}

describe("aws-auth, as the real authenticator read it", () => {
  for (const { data, error, reading, lookup } of maps) {
    const what = `${JSON.stringify(data)}${error === "" ? "" : `: ${error}`}`;
    it(`is read alike by the doctor and by the stand-in: ${what}`, () => {
      const own = entriesOf(readByDoctor(data));
      if (own !== undefined) assert.deepEqual(own, entriesOf(reading));
      assert.deepEqual(readInLab(data), reading);
      if (own !== undefined) assert.deepEqual(lookUpByDoctor(data, [caller]), [lookup]);
      assert.deepEqual(lookUpInLab(data, [caller]), [lookup]);
    });
  }
});

/** Found by changing good texts in one place; `sigs.k8s.io/yaml` v1.6.0 reads them as the stand-in does. */
const READ_DIFFERENTLY = [
  "- username: &v:{{SessionName}}\n",
  "- rolearn: a\n%YAML 1.1\n  username: b\n",
  "- rolearn: a\n  groups\n    : [b]\n",
  "|\n- rolearn: a\n",
  "!x *a ",
  "a\n  \t-0",
];

describe("any aws-auth", () => {
  for (const mapRoles of READ_DIFFERENTLY)
    it(`is left open where our parser reads it differently: ${JSON.stringify(mapRoles)}`, () => {
      assert.equal(readByDoctor({ mapRoles }), undefined);
    });

  it("ends neither the doctor nor the stand-in, and says the same to both where the doctor can tell", () => {
    const corpus = awsAuthCorpus(20260103);
    const unclear: string[] = [];
    for (const { kind, data } of corpus) {
      const own = entriesOf(readByDoctor(data));
      if (own === undefined) unclear.push(kind);
      else assert.deepEqual(own, entriesOf(readInLab(data)), JSON.stringify(data));
    }
    assert.ok(unclear.length < corpus.length / 16, `${unclear.length} of ${corpus.length}`);
    assert.ok(!unclear.includes("written"));
  });
});
