import type { IamRole, IamUser, LabWorld, OidcProvider } from "../../model.ts";
import { nameInArn, parseArn, pathInArn } from "../arn.ts";
import type { Caller } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import { denial } from "../policy/permission.ts";
import type { QueryResult } from "../query/result.ts";

/** Refuses a caller that may not; `said` is how IAM's sentence names the resource. */
export function requirePermission(
  caller: Caller,
  action: string,
  resource: { readonly arn: string; readonly said: string },
): void {
  const ending = denial(caller, action, resource.arn);
  if (ending === undefined) return;
  throw new AwsFailure(
    "AccessDenied",
    403,
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource.said} ${ending}`,
  );
}

export function noSuchEntity(message: string): AwsFailure {
  return new AwsFailure("NoSuchEntity", 404, message);
}

/** The things of one account, oldest ARN order: IAM sees only its own account. */
export function inAccount<T extends IamRole | IamUser | OidcProvider>(
  things: ReadonlyMap<string, T>,
  accountId: string,
): T[] {
  return [...things.values()].filter(({ arn }) => parseArn(arn)?.account === accountId);
}

export function roleNamed(world: LabWorld, accountId: string, name: string): IamRole | undefined {
  return inAccount(world.roles, accountId).find(({ arn }) => nameInArn(arn) === name);
}

export function userNamed(world: LabWorld, accountId: string, name: string): IamUser | undefined {
  return inAccount(world.users, accountId).find(({ arn }) => nameInArn(arn) === name);
}

/** The Role structure; the trust policy goes percent-encoded over the wire. */
export function roleResult(role: IamRole): QueryResult {
  const trust = { Version: "2012-10-17", Statement: role.trust };
  return {
    Path: pathInArn(role.arn),
    RoleName: nameInArn(role.arn),
    RoleId: role.uniqueId,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
    MaxSessionDuration: role.maxSessionDuration,
  };
}

export function userResult(user: IamUser): QueryResult {
  return {
    Path: pathInArn(user.arn),
    UserName: nameInArn(user.arn),
    UserId: user.uniqueId,
    Arn: user.arn,
    CreateDate: user.createDate,
  };
}
