import assert from "node:assert/strict";
import { entriesHavePeople } from "../../../../doctor/eks/mapping/entry-people.ts";
import { ACCOUNT } from "../../support/bundle.ts";

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const SERVICE = role("aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS");
const list = (...accessEntries: readonly string[]) => ({ accessEntries: { accessEntries } });
const types = (entries: Readonly<Record<string, string>>) => ({
  accessEntryDetails: Object.entries(entries).map(([name, type]) => ({
    accessEntry: { principalArn: role(name), type },
  })),
});

describe("entriesHavePeople", () => {
  const CASES: Readonly<
    Record<string, readonly [ReturnType<typeof entriesHavePeople>, Parameters<typeof entriesHavePeople>[0]]>
  > = {
    "is so with an entry for people": [true, { ...list(role("Dev")), ...types({ Dev: "STANDARD" }) }],
    "is so whatever is left out": [
      true,
      { ...list(), ...types({ Dev: "STANDARD" }), excerpts: ["accessEntries"] },
    ],
    "is not so without any": [false, list()],
    "is not so where all are of nodes and services": [
      false,
      { ...list(role("Dev"), SERVICE), ...types({ Dev: "EC2_LINUX" }) },
    ],
    "is unlikely where only a name tells": ["unlikely", list(role("lab-nodes"), SERVICE)],
    "is not known where a type is not": [undefined, list(role("Dev"), role("lab-nodes"))],
    "is not known without the list": [undefined, types({ Dev: "EC2_LINUX" })],
    "is not known by an excerpt": [undefined, { ...list(role("lab-nodes")), excerpts: ["accessEntries"] }],
    "is not known by a first page": [
      undefined,
      { accessEntries: { accessEntries: [], nextToken: "eyJ0IjoxfQ" } as { accessEntries: string[] } },
    ],
  };
  for (const [what, [expected, evidence]] of Object.entries(CASES)) {
    it(what, () => assert.equal(entriesHavePeople(evidence), expected));
  }
});
