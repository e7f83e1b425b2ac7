import assert from "node:assert/strict";
import { malformedArn } from "../../../../doctor/eks/principal/malformed-arn.ts";

const RIGHT = "arn:aws:iam::111122223333:role/team/Dev";

describe("malformedArn", () => {
  for (const [text, flaws, right] of [
    [` ${RIGHT}`, ["whitespace"], RIGHT],
    ["arn:aws:iam: :111122223333:role/team/Dev", ["whitespace"], RIGHT],
    ["arn:aws:iam:us-east-1:111122223333:role/team/Dev", ["region us-east-1"], RIGHT],
    ["arn:aws:iam::111122223333:111122223333:role/team/Dev", ["a second account"], RIGHT],
    ["arn:aws:iam::111122223333:444455556666:role/team/Dev", ["a second account"], undefined],
    ["arn:aws:::111122223333:role/team/Dev", ["no iam service"], RIGHT],
    ["arn:aws-cn:iam::111122223333:role/team/Dev", ["the partition aws-cn, not aws"], RIGHT],
    ["arn:aws:iam::1111:role/team/Dev", ['the account "1111"'], undefined],
    ["arn:aws:sts::111122223333:role/team/Dev", ["the service sts, not iam"], RIGHT],
    ["arn:aws:IAM::111122223333:role/team/Dev", ["the service IAM, not iam"], RIGHT],
    ["arn:aws:iam::111122223333:roles/team/Dev", ["roles/ instead of role/"], RIGHT],
    [
      "arn:aws:iam::111122223333:users/roles/ada",
      ["users/ instead of user/"],
      "arn:aws:iam::111122223333:user/roles/ada",
    ],
  ] as const) {
    it(`finds ${flaws.join(" and ")} in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(malformedArn(text, "aws"), { flaws, right });
    });
  }

  for (const text of [
    RIGHT,
    "arn:aws:iam::111122223333:user/ada",
    "arn:aws:sts::111122223333:assumed-role/Dev/ada",
    "arn:aws:eks:eu-west-1:111122223333:access-entry/lab/role/111122223333/Dev/a6c8",
    "arn:aws:iam::111122223333:rolesets/Dev",
    "Dev",
    "",
  ]) {
    it(`has nothing to say of ${JSON.stringify(text)}`, () => {
      assert.equal(malformedArn(text, "aws"), undefined);
    });
  }

  it("does not judge the partition where the cluster's is not known", () => {
    assert.equal(malformedArn(RIGHT.replace("aws:", "aws-cn:"), undefined), undefined);
  });
});
