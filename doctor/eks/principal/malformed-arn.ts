/** What is wrong with a string that is meant to be the ARN of a role or user. */
interface MalformedArn {
  /** `a region (eu-west-1)`, `whitespace` */
  readonly flaws: readonly string[];
  /** The ARN without the flaws; undefined if it cannot be known. */
  readonly right: string | undefined;
}

const SHAPE = /^arn:([a-z-]*):([A-Za-z0-9-]*):([^:]*):(\d*):(?:(\d*):)?((?:roles?|users?)\/.+)$/;

/**
 * Finds what is wrong with an IAM ARN: whitespace, a plural, another service, a region, a second account, a partition other than the
 * cluster's, an account that is not twelve digits. Undefined if nothing is wrong, or if it is something else altogether.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth"; ARNs of IAM have no region.
 */
export function malformedArn(text: string, partition: string | undefined): MalformedArn | undefined {
  const plain = text.replaceAll(/\s+/g, "");
  const [, written, service, region, first = "", second, resource] = SHAPE.exec(plain) ?? [];
  if (written === undefined) return undefined;
  const flaws = [
    ...(plain === text ? [] : ["whitespace"]),
    ...(region === "" ? [] : [`region ${region}`]),
    ...(second === undefined ? [] : ["a second account"]),
    ...(service === "iam" ? [] : [service === "" ? "no iam service" : `the service ${service}, not iam`]),
    ...(partition === undefined || written === partition
      ? []
      : [`the partition ${written}, not ${partition}`]),
    ...(/^\d{12}$/.test(first) ? [] : [`the account "${first}"`]),
  ];
  const kind = resource?.split("/")[0] ?? "";
  if (kind.endsWith("s")) flaws.push(`${kind}/ instead of ${kind.slice(0, -1)}/`);
  if (flaws.length === 0) return undefined;
  const account = [first, second].find((digits) => /^\d{12}$/.test(digits ?? ""));
  const isClear = account !== undefined && (second === undefined || second === first || second === "");
  return {
    flaws,
    right: isClear
      ? `arn:${partition ?? written}:iam::${account}:${resource?.replace(/^(role|user)s/, "$1")}`
      : undefined,
  };
}
