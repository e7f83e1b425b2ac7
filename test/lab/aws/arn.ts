export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All after the fifth colon: `role/team/dev`. */
  readonly resource: string;
}

/** The parts of `arn:partition:service:region:account:resource`, or undefined for any other text. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(":");
  if (arn !== "arn" || !partition || !service || region === undefined || account === undefined)
    return undefined;
  if (resource.join(":") === "") return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
}

/** The name of a role or user without its path: the text after the last slash. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** `/` or `/team/`, as IAM answers it. */
export function pathInArn(arn: string): string {
  const resource = parseArn(arn)?.resource ?? "";
  return resource.slice(resource.indexOf("/"), resource.lastIndexOf("/") + 1);
}
