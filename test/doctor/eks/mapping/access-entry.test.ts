import assert from "node:assert/strict";
import { entryArns, findEntry, findNearMisses } from "../../../../doctor/eks/mapping/access-entry.ts";
import { type Principal, principalOfArn } from "../../../../doctor/eks/principal/principal.ts";
import { watched, withMissing } from "../../../../doctor/evidence/reads.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { NEW_SSO, NO_ENTRY, NODE_ARN, OLD_SSO, SSO_PATH } from "../../support/mapping-faults.ts";

function principal(arn: string): Principal {
  const found = principalOfArn(arn);
  if (found === undefined) throw new Error(`${arn} is no principal`);
  return found;
}
const DEV = principal(ROLE_ARN);
const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}`;
const user = (path: string) => `arn:aws:iam::${ACCOUNT}:user/${path}`;
const listed = (...accessEntries: string[]) =>
  healthyBundle({ accessEntries: { accessEntries }, accessEntryDetails: [] });

describe("findEntry", () => {
  it("prefers what DescribeAccessEntry says", () => {
    const search = findEntry(healthyBundle(), DEV);
    assert.equal(search.state === "found" && search.entry.type, "STANDARD");
  });

  it("ignores a role's path and all case", () => {
    const search = findEntry(listed(role("teams/web/DEV")), DEV);
    assert.equal(search.state === "found" && search.entry.principalArn, role("teams/web/DEV"));
  });

  it("has asked in vain for what only the details tell, once somebody reads it", () => {
    const evidence = watched(without(healthyBundle(), "accessEntryDetails"));
    const search = findEntry(evidence, DEV);
    const read = (field: "principalArn" | "username") =>
      withMissing(() => search.state === "found" && search.entry[field]);
    assert.deepEqual(read("principalArn"), { value: ROLE_ARN, missing: [] });
    assert.deepEqual(read("username"), { value: undefined, missing: ["accessEntryDetails"] });
  });

  it("keeps a user's path", () => {
    assert.deepEqual(findEntry(listed(user("ada")), principal(user("staff/ada"))), { state: "absent" });
    assert.equal(findEntry(listed(user("staff/ada")), principal(user("staff/ada"))).state, "found");
  });

  it("calls absent only what a complete list does not have", () => {
    assert.deepEqual(findEntry(healthyBundle(NO_ENTRY), DEV), { state: "absent" });
    const page = {
      accessEntries: { accessEntries: [NODE_ARN], nextToken: "eyJ0IjoxfQ" },
      accessEntryDetails: [],
    };
    assert.deepEqual(findEntry(healthyBundle(page), DEV), { state: "unknown" });
    const whole = { accessEntries: { accessEntries: [NODE_ARN], nextToken: null }, accessEntryDetails: [] };
    assert.deepEqual(findEntry(healthyBundle(whole), DEV), { state: "absent" });
    assert.deepEqual(findEntry(healthyBundle({ ...NO_ENTRY, accessEntries: { failed: "denied" } }), DEV), {
      state: "unknown",
    });
  });
});

describe("entryArns", () => {
  it("has each entry once, from both calls", () => {
    assert.deepEqual(entryArns(healthyBundle()), [ROLE_ARN, NODE_ARN]);
    assert.deepEqual(entryArns(healthyBundle({ accessEntries: { failed: "denied" } })), [ROLE_ARN]);
  });
});

describe("findNearMisses", () => {
  const misses = (arn: string, who: Principal, real?: string) =>
    findNearMisses([arn], who, () => real).map(({ differs }) => differs);

  for (const [what, arn, who, real, differs] of [
    ["another account", "arn:aws:iam::999988887777:role/Dev", DEV, undefined, ["account"]],
    ["another kind", user("Dev"), DEV, undefined, ["kind"]],
    ["another case", role("dev"), DEV, undefined, ["case"]],
    ["another path of a role", role("old/Dev"), DEV, role("new/Dev"), ["path"]],
    ["a path while the real one is not known", role("old/Dev"), DEV, undefined, []],
    ["another path of a user", user("ada"), principal(user("staff/ada")), user("staff/ada"), ["path"]],
    [
      "another hash of a permission set",
      `${SSO_PATH}/${OLD_SSO}`,
      principal(role(NEW_SSO)),
      undefined,
      ["permission-set"],
    ],
    ["another partition", "arn:aws-cn:iam::111122223333:role/Dev", DEV, undefined, []],
    ["another name", NODE_ARN, DEV, undefined, []],
    ["no ARN", "Dev", DEV, undefined, []],
  ] as const) {
    it(`sees ${what}`, () => {
      assert.deepEqual(misses(arn, who, real), differs);
    });
  }
});
