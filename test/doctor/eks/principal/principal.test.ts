import assert from "node:assert/strict";
import { isSamePrincipal, principalOf, principalOfArn } from "../../../../doctor/eks/principal/principal.ts";

/** ARN as STS or IAM gives it, and what a verifier makes of it. Source: aws-iam-authenticator, pkg/arn/arn_test.go. */
const CANONICAL = {
  "arn:aws:sts::123456789012:assumed-role/Org/Session": ["role", "Org", "arn:aws:iam::123456789012:role/Org"],
  "arn:aws-cn:sts::123456789012:assumed-role/Org/Session": [
    "role",
    "Org",
    "arn:aws-cn:iam::123456789012:role/Org",
  ],
  "arn:aws-iso-f:sts::123456789012:assumed-role/Org/S": [
    "role",
    "Org",
    "arn:aws-iso-f:iam::123456789012:role/Org",
  ],
  "arn:aws:iam::123456789012:role/Org": ["role", "Org", "arn:aws:iam::123456789012:role/Org"],
  "arn:aws:iam::123456789012:role/some/path/Org": ["role", "Org", "arn:aws:iam::123456789012:role/Org"],
  "arn:aws:iam::123456789012:user/Alice": ["user", "Alice", "arn:aws:iam::123456789012:user/Alice"],
  "arn:aws:iam::123456789012:user/team/Alice": ["user", "Alice", "arn:aws:iam::123456789012:user/team/Alice"],
  "arn:aws:sts::123456789012:federated-user/Bob": [
    "federated",
    "Bob",
    "arn:aws:sts::123456789012:federated-user/Bob",
  ],
  "arn:aws:iam::123456789012:root": ["root", "root", "arn:aws:iam::123456789012:root"],
};

describe("principalOfArn", () => {
  for (const [arn, [kind, name, canonicalArn]] of Object.entries(CANONICAL)) {
    it(`takes ${arn} for ${canonicalArn}`, () => {
      const principal = principalOfArn(arn);
      assert.deepEqual(
        [principal?.kind, principal?.name, principal?.canonicalArn],
        [kind, name, canonicalArn],
      );
    });
  }

  for (const arn of [
    "arn:aws:sts::123456789012:assumed-role/Org",
    "arn:aws:ec2::123456789012:instance/i-1",
    "arn:aws:iam::123456789012:group/admins",
    "arn:mars:iam::123456789012:user/Alice",
    "arn:aws:iam::12345:user/Alice",
    "NotAnArn",
    "",
  ]) {
    it(`refuses ${JSON.stringify(arn)}`, () => {
      assert.equal(principalOfArn(arn), undefined);
    });
  }
});

describe("principalOf", () => {
  it("takes the unique id and the session apart", () => {
    assert.deepEqual(
      principalOf({
        UserId: "AROAEXAMPLE:ada@example.com",
        Account: "111122223333",
        Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
      }),
      {
        arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
        canonicalArn: "arn:aws:iam::111122223333:role/Dev",
        partition: "aws",
        account: "111122223333",
        kind: "role",
        name: "Dev",
        sessionName: "ada@example.com",
        uniqueId: "AROAEXAMPLE",
      },
    );
  });

  it("knows no unique id of a role when the user id has not exactly one colon", () => {
    const Arn = "arn:aws:sts::111122223333:assumed-role/Dev/ada";
    for (const UserId of ["AROAEXAMPLE", "AROAEXAMPLE:a:b"]) {
      assert.equal(principalOf({ UserId, Account: "111122223333", Arn })?.uniqueId, undefined);
    }
  });

  it("takes the whole user id of a user", () => {
    const user = {
      UserId: "AIDAEXAMPLE",
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/ada",
    };
    assert.equal(principalOf(user)?.uniqueId, "AIDAEXAMPLE");
  });
});

describe("isSamePrincipal", () => {
  const session = "arn:aws:sts::111122223333:assumed-role/Dev/ada";

  it("knows a role by its sessions, under any path and in any case", () => {
    assert.equal(isSamePrincipal(session, "arn:aws:iam::111122223333:role/team/Dev"), true);
    assert.equal(isSamePrincipal(session, "arn:aws:iam::111122223333:role/dev"), true);
  });

  it("keeps accounts, users of other paths, and what is no principal apart", () => {
    assert.equal(isSamePrincipal(session, "arn:aws:iam::444455556666:role/Dev"), false);
    assert.equal(
      isSamePrincipal("arn:aws:iam::111122223333:user/a/ada", "arn:aws:iam::111122223333:user/b/ada"),
      false,
    );
    assert.equal(isSamePrincipal("x", "x"), false);
  });
});
