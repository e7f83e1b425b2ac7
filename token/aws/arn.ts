import { VouchError } from "../errors/errors.ts";
import { partitionById, partitionOfRegion } from "../hot/partition.ts";

/** An IAM role, taken from its ARN. */
export interface RoleArn {
  readonly arn: string;
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  /** The last part, without the path. */
  readonly name: string;
}

const ROLE_ARN = /^arn:([a-z-]+):iam::(\d{12}):role\/((?:[\w+=,.@-]+\/)*)([\w+=,.@-]{1,64})$/;
const ASSUMED_ROLE_ARN = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\//;

/** Reads a role's ARN. Throws `role-arn-invalid` with what it should look like. */
export function parseRoleArn(arn: string): RoleArn {
  const [, partition = "", account = "", , name = ""] = ROLE_ARN.exec(arn) ?? [];
  if (partitionById(partition) !== undefined) return { arn, partition, account, name };

  const assumed = ASSUMED_ROLE_ARN.exec(arn);
  throw new VouchError(
    "role-arn-invalid",
    `${JSON.stringify(arn)} is not the ARN of an IAM role${assumed ? "; it is the ARN of a role session" : ""}.`,
    assumed
      ? { hint: `Use the ARN of the role: arn:${assumed[1]}:iam::${assumed[2]}:role/${assumed[3]}` }
      : {},
  );
}

/** Throws `partition-mismatch` when a role can never be used in a region. */
export function requireSamePartition(role: RoleArn, region: string): void {
  const { id, defaultRegion } = partitionOfRegion(region);
  if (role.partition === id) return;
  const other = partitionById(role.partition)?.defaultRegion ?? defaultRegion;
  throw new VouchError(
    "partition-mismatch",
    `Region ${region} is in partition ${id}, but role ${role.arn} is in ${role.partition}.`,
    {
      hint: `Use a region in the role's partition, for example --region ${other}, or a role in partition ${id}.`,
    },
  );
}
