import assert from "node:assert/strict";
import { contextName, type NameHolder } from "../../../plugin/setup/context-name.ts";
import { labEntry } from "./lab-entry.ts";

const entry = labEntry();
const same: NameHolder = {
  region: entry.region,
  accountId: entry.accountId,
  source: entry.source,
};

function name(held: Record<string, NameHolder>, template?: string, of = entry): string {
  return contextName(of, { template, holderOf: (wanted) => held[wanted] });
}

describe("the name of a context", () => {
  it("is the cluster's, with our mark", () => assert.equal(name({}), "lab-vouch"));

  const differences: [string, NameHolder, string][] = [
    ["region", { ...same, region: "eu-west-1" }, "lab-us-east-1-vouch"],
    ["account", { ...same, accountId: "999988887777" }, "lab-111122223333-vouch"],
    [
      "role",
      { ...same, source: { ...entry.source, role: "arn:aws:iam::111122223333:role/Admin" } },
      "lab-VouchDeveloper-vouch",
    ],
    ["owner", {}, "lab-us-east-1-vouch"],
  ];
  for (const [what, holder, expected] of differences) {
    it(`tells another ${what} apart`, () => assert.equal(name({ "lab-vouch": holder }), expected));
  }

  it("tells two people with one role apart", () => {
    const holder = { ...same, source: { ...entry.source, account: "ada@example.com" } };
    assert.equal(
      name({ "lab-vouch": holder }, undefined, labEntry({ account: "bob@example.com" })),
      "lab-bob-example-com-vouch",
    );
  });

  it("takes more and more of what differs, then counts", () => {
    const held: Record<string, NameHolder> = {};
    const names = Array.from({ length: 6 }, () => {
      const next = name(held);
      held[next] = {};
      return next;
    });
    assert.deepEqual(names, [
      "lab-vouch",
      "lab-us-east-1-vouch",
      "lab-111122223333-vouch",
      "lab-VouchDeveloper-vouch",
      "lab-us-east-1-111122223333-VouchDeveloper-vouch",
      "lab-us-east-1-2-vouch",
    ]);
  });

  it("follows a template", () => {
    assert.equal(
      name({}, "{account}/{region}/{cluster}:{role}"),
      "111122223333/us-east-1/lab:VouchDeveloper",
    );
    assert.equal(
      name({ prod: { ...same, source: { ...entry.source, role: "other" } } }, "prod"),
      "prod-VouchDeveloper",
    );
  });

  it("refuses a template that says nothing or too much", () => {
    for (const template of ["{cluster}-{name}", " ", "a\nb"]) {
      assert.throws(() => name({}, template), { code: "usage" }, template);
    }
  });
});
