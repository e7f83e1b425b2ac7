import { randomNumbers } from "../../support/mutations.ts";

const PARTITIONS = [
  ...["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"],
  ...["", "AWS", "aws-", "gcp"],
];
const SERVICES = ["sts", "iam", "STS", "", "ec2"];
const REGIONS = ["", "", "", "", "eu-west-1"];
const ACCOUNTS = ["111122223333", "111122223333", "012345678901", "", "1111", "11112222333a"];
const RESOURCES = [
  ...["role/Dev", "role/team/Dev", "role/", "role", "Role/Dev", "roles/Dev", "role/a b", "role/Dev:x"],
  ...["role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"],
  ...["assumed-role/Dev/ada@example.com", "assumed-role/DEV/i-0123456789abcdef0", "assumed-role/Dev"],
  ...["assumed-role/Dev/", "assumed-role/team/Dev/ada", "assumed-role//ada", "assumed-role/", "assumed-role"],
  ...["assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada", "assumed-role/D+=,.@-_v/ada"],
  ...["user/ada", "user/staff/ada", "user/", "user", "users/ada", "user//ada", "USER/ada"],
  ...["federated-user/ada", "federated-user/", "federated-user", "root", "root/x", "Root", "group/devs"],
  ...["instance-profile/Dev", "policy/Dev", "mfa/ada", "", "/", ":", "role/Dév"],
];
const BROKEN = [
  "",
  "arn",
  "arn:",
  "arn:aws",
  "arn:aws:iam",
  "arn:aws:iam::1",
  "arn:aws:iam::111122223333",
  "Dev",
  "::::::",
];

/** ARNs of callers, right and wrong: what STS says, and what it never would. The same at each run. */
export function arnCorpus(): string[] {
  const random = randomNumbers(20260102);
  const pick = (choices: readonly string[]) => choices[random(choices.length)] ?? "";
  const all = PARTITIONS.flatMap((partition) =>
    SERVICES.slice(0, 2).flatMap((service) =>
      RESOURCES.map((resource) => `arn:${partition}:${service}::111122223333:${resource}`),
    ),
  );
  const mixed = Array.from({ length: 600 }, () =>
    ["arn", pick(PARTITIONS), pick(SERVICES), pick(REGIONS), pick(ACCOUNTS), pick(RESOURCES)].join(":"),
  );
  const cut = Array.from({ length: 150 }, () => {
    const arn = pick(all);
    const at = random(arn.length);
    return random(2) === 0 ? arn.slice(0, at) : arn.slice(0, at) + pick([":", "/", " ", "x"]) + arn.slice(at);
  });
  return [...new Set([...BROKEN, ...all, ...mixed, ...cut])];
}
