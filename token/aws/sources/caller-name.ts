import { parseRoleArn } from "../arn.ts";
import { stsSessionName } from "../exchange.ts";

const ROLE_SESSION = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/([\w+=,.@-]+)$/;
const USER = /^arn:[a-z-]+:iam::\d{12}:user\/(?:[^/]+\/)*([\w+=,.@-]+)$/;

/**
 * Names that programs and machines choose for sessions: instances, containers, the AWS SDKs, the AWS CLI, kubectl-vouch.
 * Source: EC2 and ECS user guides; botocore, aws-sdk-js-v3, aws-sdk-java-v2, aws-sdk-go (a time) and aws-sdk-go-v2.
 */
const OF_PROGRAMS =
  /^(?:i-[0-9a-f]{8,17}|[0-9a-f]{32}|\d+|botocore-session-.*|aws-(?:go-)?sdk-.*|AWSCLI-Session|kubectl-vouch|EKSGetTokenAuth)$/;

/** Session name that shows who assumes a role, by the ARN of the caller; undefined if that names no person. */
export function personOf(arn: string): string | undefined {
  const name = ROLE_SESSION.exec(arn)?.[4] ?? USER.exec(arn)?.[1];
  return name === undefined || OF_PROGRAMS.test(name) ? undefined : stsSessionName(name);
}

/** Whether the caller is a session of the role. STS does not say a role's path, but no two roles differ in that alone. */
export function isSessionOf(arn: string, roleArn: string): boolean {
  const [, partition, account, name] = ROLE_SESSION.exec(arn) ?? [];
  const role = parseRoleArn(roleArn);
  return role.partition === partition && role.account === account && role.name === name;
}
