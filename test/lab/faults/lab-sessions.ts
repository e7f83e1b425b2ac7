import { randomBytes } from "node:crypto";
import { addRole } from "../aws/world.ts";
import { LAB_ROLE, type Lab } from "../lab.ts";
import type { IamRole, StsSession } from "../model.ts";

/** Keys as a shell has them. */
export type SessionVariables = Readonly<
  Record<"AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN", string>
>;

/** Session keys of a role, as any login tool leaves them in a shell; they live an hour. */
export function openRoleSession(
  { world, clock }: Lab,
  role: IamRole,
  fields: Partial<StsSession> & { readonly name?: string } = {},
): SessionVariables {
  const { name = "grace", ...more } = fields;
  const [, account = "", roleName = ""] = /^arn:aws:iam::(\d+):role\/(?:.*\/)?(.+)$/.exec(role.arn) ?? [];
  const session: StsSession = {
    accessKeyId: `ASIALAB${randomBytes(6).toString("hex").toUpperCase()}0`,
    secretAccessKey: `LAB-CANARY/${randomBytes(12).toString("hex")}`,
    sessionToken: `LABCANARYSESSION${randomBytes(120).toString("base64")}`,
    expires: new Date(clock() + 3_600_000),
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${name}`,
    roleArn: role.arn,
    userId: `${role.uniqueId}:${name}`,
    policyArns: [],
    inlinePolicy: undefined,
    tags: {},
    ...more,
  };
  world.sessions.set(session.accessKeyId, session);
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}

/** A role that anybody of the account may assume, if their own policy allows it. */
export function addAccountRole(lab: Lab, name: string, fields: Partial<IamRole> = {}): IamRole {
  const Principal = { AWS: `arn:aws:iam::${lab.world.accountId}:root` };
  const trust = [{ Effect: "Allow" as const, Principal, Action: ["sts:AssumeRole", "sts:TagSession"] }];
  return addRole(lab.world, { name, trust, allows: [...developer(lab).allows], ...fields });
}

/** LAB_ROLE. */
export function developer({ world }: Lab): IamRole {
  const role = world.roles.get(LAB_ROLE);
  if (role === undefined) throw new Error(`The lab has no role ${LAB_ROLE}`);
  return role;
}
