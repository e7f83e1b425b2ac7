import assert from "node:assert/strict";
import { addToSection, changeEntry, removeEntry } from "../../../../doctor/eks/aws-auth/aws-auth-edit.ts";
import { awsAuthCorpus } from "../../../peers/corpora/aws-auth.ts";
import { readInLab } from "../../../support/aws-auth-readings.ts";

describe("any section of aws-auth that is edited", () => {
  const entry = { arn: "arn:aws:iam::999988887777:role/New", username: "new", groups: ["g"] };

  it("keeps its entries when one is changed, removed or added, or is left as it is", () => {
    let edited = 0;
    for (const { data } of awsAuthCorpus()) {
      const { mapRoles } = data;
      if (mapRoles === undefined) continue;
      const before = readInLab(data).roles;
      const rolesOf = (text: string | undefined) =>
        text === undefined ? undefined : readInLab({ mapRoles: text }).roles;
      const added = rolesOf(addToSection(mapRoles, entry, "mapRoles"));
      if (added !== undefined) {
        edited += 1;
        assert.deepEqual(added, [...before, [entry.arn, entry.username, entry.groups]], mapRoles);
      }
      const removed = rolesOf(removeEntry(mapRoles, 0, "mapRoles"));
      if (removed !== undefined) assert.ok(before.length - removed.length <= 1, mapRoles);
      const changed = rolesOf(changeEntry(mapRoles, 0, { section: "mapRoles", arn: entry.arn }));
      if (changed !== undefined)
        assert.ok(
          changed.some(([arn]) => arn === entry.arn),
          mapRoles,
        );
    }
    assert.ok(edited > 1000, `${edited} were edited`);
  });
});
