import assert from "node:assert/strict";
import { canonicalArn, withoutRolePath } from "../../../lab/kube/authentication/canonical-arn.ts";

/** Origin: kubernetes-sigs/aws-iam-authenticator, pkg/arn/arn_test.go. */
const CANONICAL: readonly [given: string, arn: string, isRole: boolean][] = [
  ["arn:aws:iam::123456789012:user/Alice", "arn:aws:iam::123456789012:user/Alice", false],
  ["arn:aws:iam::123456789012:user/team/Alice", "arn:aws:iam::123456789012:user/team/Alice", false],
  ["arn:aws:iam::123456789012:role/Users", "arn:aws:iam::123456789012:role/Users", true],
  ["arn:aws:sts::123456789012:assumed-role/Admin/Session", "arn:aws:iam::123456789012:role/Admin", true],
  [
    "arn:aws-cn:sts::123456789012:assumed-role/Admin/Session",
    "arn:aws-cn:iam::123456789012:role/Admin",
    true,
  ],
  ["arn:aws:sts::123456789012:federated-user/Bob", "arn:aws:sts::123456789012:federated-user/Bob", false],
  ["arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root", false],
];

const REFUSED: readonly [given: string, message: string][] = [
  ["NOT AN ARN", "arn 'NOT AN ARN' is invalid: 'arn: invalid prefix'"],
  ["arn:aws:iam", "arn 'arn:aws:iam' is invalid: 'arn: not enough sections'"],
  ["arn:mars:iam::1:user/a", "arn 'arn:mars:iam::1:user/a' does not have a recognized partition"],
  [
    "arn:aws:sts::1:assumed-role/Admin",
    "assumed-role arn 'arn:aws:sts::1:assumed-role/Admin' does not have a role",
  ],
  ["arn:aws:iam::1:group/g", "unrecognized resource group/g for service iam"],
  ["arn:aws:sts::1:thing/g", "unrecognized resource thing/g for service sts"],
  ["arn:aws:s3:::bucket", "service s3 in arn arn:aws:s3:::bucket is not a valid service for identities"],
];

describe("the canonical ARN", () => {
  for (const [given, arn, isRole] of CANONICAL) {
    it(`of ${given} is ${arn}`, () => assert.deepEqual(canonicalArn(given), { arn, isRole }));
  }
  for (const [given, message] of REFUSED) {
    it(`of ${given} does not exist`, () => assert.throws(() => canonicalArn(given), { message }));
  }

  it("is compared with an entry's role without its path", () => {
    assert.deepEqual(
      ["role/a/b/dev", "role/dev", "user/a/b/dave"].map((name) => withoutRolePath(`arn:aws:iam::1:${name}`)),
      ["arn:aws:iam::1:role/dev", "arn:aws:iam::1:role/dev", "arn:aws:iam::1:user/a/b/dave"],
    );
  });
});
