import assert from "node:assert/strict";
import { absentRoles, iamPrincipal, iamRole } from "../../../../doctor/eks/principal/iam-principal.ts";
import { principalOfArn } from "../../../../doctor/eks/principal/principal.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";

const IAM = "arn:aws:iam::111122223333";
const DEV = { Arn: `${IAM}:role/team/Dev`, RoleId: "AROADEV", CreateDate: "2025-05-01T08:00:00Z" };
const OPS = { Arn: `${IAM}:role/Ops`, RoleId: "AROAOPS" };
const SET = { Arn: `${IAM}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef` };
const ADA = { Arn: `${IAM}:user/team/ada`, UserId: "AIDAADA", CreateDate: 1 };

function principal(arn: string) {
  return principalOfArn(arn) ?? assert.fail(arn);
}

describe("iamRole", () => {
  const dev = principal("arn:aws:sts::111122223333:assumed-role/Dev/ada");
  it("is GetRole's answer, or ListRoles', if it is that very role, whatever its path", () => {
    assert.deepEqual(iamRole({ role: { Role: DEV } }, dev), DEV);
    assert.deepEqual(iamRole({ roles: { Roles: [OPS, DEV] } }, dev), DEV);
    assert.deepEqual(iamRole({ role: { Role: OPS }, roles: { Roles: [DEV] } }, dev), DEV);
  });

  it("is undefined for another role, another account, and whoever is no role", () => {
    const other = { ...DEV, Arn: DEV.Arn.replace("1111", "4444") };
    assert.equal(iamRole({ role: { Role: OPS }, roles: { Roles: [other] } }, dev), undefined);
    assert.equal(iamRole({ role: { failed: "denied" }, roles: { failed: "denied" } }, dev), undefined);
    assert.equal(iamRole({ role: { Role: DEV } }, principal(`${IAM}:user/Dev`)), undefined);
  });
});

describe("iamPrincipal", () => {
  it("has the unique id and date of a role, as far as IAM gave them", () => {
    const dev = principal(DEV.Arn);
    assert.deepEqual(iamPrincipal({ role: { Role: DEV } }, dev), {
      Arn: DEV.Arn,
      id: "AROADEV",
      CreateDate: DEV.CreateDate,
    });
    assert.deepEqual(iamPrincipal({ roles: { Roles: [{ Arn: DEV.Arn }] } }, dev), {
      Arn: DEV.Arn,
      id: undefined,
      CreateDate: undefined,
    });
  });

  it("has those of a user with that very path", () => {
    const ada = principal(ADA.Arn);
    const expected = { Arn: ADA.Arn, id: "AIDAADA", CreateDate: 1 };
    assert.deepEqual(iamPrincipal({ user: { User: ADA } }, ada), expected);
    assert.equal(iamPrincipal({ user: { User: ADA } }, principal(`${IAM}:user/ada`)), undefined);
    assert.equal(iamPrincipal({}, ada), undefined);
  });
});

describe("absentRoles", () => {
  const GONE = `${IAM}:role/Gone`;
  const absent = (evidence: Pick<DoctorEvidence, "roles" | "excerpts">, ...arns: readonly string[]) =>
    absentRoles(evidence, arns);

  it("are those that the list of their account does not have, whatever the path", () => {
    const roles = { Roles: [DEV, OPS, SET] };
    assert.deepEqual(absent({ roles }, GONE, `${IAM}:role/Dev`, OPS.Arn), [GONE]);
  });

  it("are none without the whole list", () => {
    assert.deepEqual(absent({}, GONE), []);
    assert.deepEqual(absent({ roles: { failed: "denied" } }, GONE), []);
    assert.deepEqual(absent({ roles: { Roles: [] } }, GONE), []);
    assert.deepEqual(absent({ roles: { Roles: [OPS] }, excerpts: ["roles"] }, GONE), []);
    const first = { Roles: [OPS], IsTruncated: true, Marker: "x" };
    assert.deepEqual(absent({ roles: first }, GONE), []);
    const page = { Roles: [OPS], NextToken: "eyJ" };
    assert.deepEqual(absent({ roles: page }, GONE), []);
  });

  it("are no roles of another account, no users and no words", () => {
    const roles = { Roles: [OPS] };
    assert.deepEqual(
      absent({ roles }, GONE.replace("1111", "4444"), ADA.Arn, "nonsense", `${IAM}:instance-profile/Gone`),
      [],
    );
  });

  it("are permission sets alone, where only those were listed", () => {
    const set = SET.Arn.replace("Dev_0123", "Ops_4567");
    assert.deepEqual(absent({ roles: { Roles: [SET] } }, GONE, set), [set]);
  });
});
