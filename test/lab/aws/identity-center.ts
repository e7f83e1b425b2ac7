import { createHash } from "node:crypto";
import type { IdentityCenter, SsoAssignment, SsoConsent, SsoDeviceGrant } from "../identity-center-model.ts";
import type { IamRole, LabWorld } from "../model.ts";
import { addRole } from "./world.ts";

interface NewAssignment {
  readonly userName: string;
  readonly permissionSet: string;
  /** The lab's own account when absent. */
  readonly accountId?: string;
  readonly sessionSeconds?: number;
  readonly allows?: IamRole["allows"];
}

/** Assigns a permission set to a user, and makes the account known and the role in it, as Identity Center does. */
export function addAssignment(world: LabWorld, fields: NewAssignment): SsoAssignment {
  const { userName, permissionSet, accountId = world.accountId, sessionSeconds = 3600 } = fields;
  const { accounts, assignments } = world.identityCenter;
  if (!accounts.some((account) => account.accountId === accountId)) {
    accounts.push({
      accountId,
      accountName: `lab-${accountId}`,
      emailAddress: `aws+${accountId}@example.com`,
    });
  }
  const role = reservedRole(world, { permissionSet, accountId, allows: fields.allows ?? [] });
  const made = { userName, accountId, permissionSet, roleArn: role.arn, sessionSeconds };
  assignments.push(made);
  return made;
}

/** What the person does on the page that the client names; throws when no client waits with this code. */
export function answerDevice(center: IdentityCenter, userCode: string, consent: SsoConsent): SsoDeviceGrant {
  const device = [...center.devices.values()].find((one) => one.userCode === userCode);
  if (device?.status !== "pending") throw new Error(`No client waits with the code ${userCode}`);
  if (consent === "denied") device.status = "denied";
  else if (consent !== "away") Object.assign(device, { status: "approved", userName: consent.userName });
  return device;
}

/**
 * One role per permission set and account, trusted by Identity Center's own SAML provider only.
 *
 * Source: AWS IAM Identity Center User Guide, "Referencing permission sets in resource policies".
 */
function reservedRole(
  world: LabWorld,
  {
    permissionSet,
    accountId,
    allows,
  }: Pick<Required<NewAssignment>, "permissionSet" | "accountId" | "allows">,
): IamRole {
  const { region } = world.identityCenter;
  const suffix = digest(`${permissionSet}/${accountId}`);
  const regional = region === "us-east-1" ? "" : `${region}/`;
  const role = {
    name: `AWSReservedSSO_${permissionSet}_${suffix}`,
    path: `/aws-reserved/sso.amazonaws.com/${regional}`,
    account: accountId,
  };
  const arn = `arn:${world.partition}:iam::${accountId}:role${role.path}${role.name}`;
  const provider = `arn:${world.partition}:iam::${accountId}:saml-provider/AWSSSO_${digest(accountId)}_DO_NOT_DELETE`;
  const trust = {
    Effect: "Allow" as const,
    Principal: { Federated: provider },
    Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
    Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
  };
  return (
    world.roles.get(arn) ??
    addRole(world, { ...role, maxSessionDuration: 43_200, trust: [trust], allows: [...allows] })
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
