import assert from "node:assert/strict";
import { permissionSetRole } from "../../../../doctor/eks/principal/permission-set.ts";

describe("permissionSetRole", () => {
  it("takes set and hash apart, underscores in the set's name included", () => {
    assert.deepEqual(permissionSetRole("AWSReservedSSO_Team_A-Admin_0123456789abcdef"), {
      set: "Team_A-Admin",
      hash: "0123456789abcdef",
    });
  });

  for (const name of ["Dev", "AWSReservedSSO_Developers", "AWSReservedSSO_Developers_0123"]) {
    it(`is undefined for ${name}`, () => {
      assert.equal(permissionSetRole(name), undefined);
    });
  }
});
