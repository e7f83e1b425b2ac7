import fs from "node:fs";
import path from "node:path";
import { addAssignment } from "./aws/identity-center.ts";
import { accessPolicy, addEntry } from "./aws/world.ts";
import { LAB_REGION, type Lab } from "./lab.ts";
import type { Desk } from "./person.ts";

const USER = "noor@example.com";

/** Where AWS's tools find it, and we. */
export const PROFILE = "dev";

/**
 * Somebody as most are who use EKS: with IAM Identity Center, a profile of it in `~/.aws/config`, and no Vouch server. Her
 * permission set may list clusters and describe this one, and in it view the namespace `default`. Whoever opens Identity Center's page in a
 * browser is she, and approves.
 */
export async function addIdentityCenterPerson(lab: Lab): Promise<Desk> {
  const { world, cluster } = lab;
  const { identityCenter } = world;
  const desk = await lab.addDesk("noor");
  const { roleArn, accountId, permissionSet } = addAssignment(world, {
    userName: USER,
    permissionSet: "Developer",
    allows: [
      { actions: ["eks:DescribeCluster"], resources: [cluster.arn] },
      { actions: ["eks:ListClusters"], resources: ["*"] },
    ],
  });
  const role = world.roles.get(roleArn);
  if (role === undefined) throw new Error("Identity Center made no role");
  addEntry(cluster, role, { policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])] });
  identityCenter.person = { userName: USER };
  const lines = [
    `[profile ${PROFILE}]`,
    "sso_session = lab",
    `sso_account_id = ${accountId}`,
    `sso_role_name = ${permissionSet}`,
    `region = ${LAB_REGION}`,
    "",
    "[sso-session lab]",
    `sso_start_url = ${identityCenter.startUrl}`,
    `sso_region = ${identityCenter.region}`,
    "sso_registration_scopes = sso:account:access",
  ];
  fs.mkdirSync(path.join(desk.home, ".aws"), { mode: 0o700 });
  fs.writeFileSync(path.join(desk.home, ".aws", "config"), `${lines.join("\n")}\n`, { mode: 0o600 });
  return desk;
}
