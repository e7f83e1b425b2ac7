import type { IamRole, IamUser, LabWorld, StsSession } from "../model.ts";
import { parseArn } from "./arn.ts";

/** Whoever signed a request. */
export interface Caller {
  /** As GetCallerIdentity says it: a user's ARN, or that of an assumed role's session. */
  readonly arn: string;
  readonly userId: string;
  readonly accountId: string;
  /** Whose identity policy counts. */
  readonly principal: IamRole | IamUser;
  /** Undefined for a user's own key. */
  readonly session: StsSession | undefined;
}

/** What an access key id leads to. The secret is compared only after the rest has been found good. */
export interface Credential {
  readonly secret: string;
  readonly caller: Caller;
}

/**
 * Why a key is not taken: `invalid` for unknown, inactive, without its session token, or of a role that is gone.
 *
 * Expiry is looked at before the role, and both before the signature, as STS does.
 */
export function findCredential(
  world: LabWorld,
  accessKeyId: string,
  token: string | undefined,
  now: Date,
): Credential | "invalid" | "expired" {
  for (const user of world.users.values()) {
    const key = user.accessKeys.find(({ id }) => id === accessKeyId);
    if (key) return key.active ? { secret: key.secret, caller: userCaller(user) } : "invalid";
  }
  const session = world.sessions.get(accessKeyId);
  if (!session || session.sessionToken !== token) return "invalid";
  if (session.expires.getTime() <= now.getTime()) return "expired";
  const role = roleOfSession(world, session);
  if (!role) return "invalid";
  const { arn, userId } = session;
  const caller = { arn, userId, accountId: accountOf(arn), principal: role, session };
  return { secret: session.secretAccessKey, caller };
}

/** The role with this ARN; a role is found by its ARN, whatever its key in the map. */
export function findRole(world: LabWorld, arn: string): IamRole | undefined {
  return [...world.roles.values()].find((role) => role.arn === arn);
}

/** A role that was made again under the same name is another role: sessions of the first one are dead. */
function roleOfSession(world: LabWorld, session: StsSession): IamRole | undefined {
  const role = findRole(world, session.roleArn);
  return role && session.userId.startsWith(`${role.uniqueId}:`) ? role : undefined;
}

function userCaller(user: IamUser): Caller {
  return {
    arn: user.arn,
    userId: user.uniqueId,
    accountId: accountOf(user.arn),
    principal: user,
    session: undefined,
  };
}

function accountOf(arn: string): string {
  return parseArn(arn)?.account ?? "";
}
