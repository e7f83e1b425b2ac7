import { addEntry, addRole } from "../aws/world.ts";
import type { Lab } from "../lab.ts";
import { LAB_ROLE } from "../lab.ts";
import { editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS, FORBIDDEN, type LabFault, nodesReadyIf, UNAUTHORIZED } from "./lab-fault.ts";
import { GRACE, LONG_AGO, viewerOfOld } from "./lab-people.ts";
import { developer, openRoleSession } from "./lab-sessions.ts";

const CLUSTER = ["--cluster-name", "lab", "--region", "us-east-1"];
const GET_PODS = ["kubectl", "--context", CONTEXTS.ours, "get", "pods"];
const asAdministrator = (...words: string[]) => ["env", "AWS_PROFILE=administrator", "aws", "eks", ...words];

const AUTO_NODE_ROLE = "arn:aws:iam::111122223333:role/AutoNodeRole";

/** Rows M: authentication modes. */
export const MODE_FAULTS: readonly LabFault[] = [
  {
    row: "M1",
    name: "an entry is to be made, and the cluster reads none",
    breakIt: ({ lab: { cluster } }) => {
      cluster.authenticationMode = "CONFIG_MAP";
      cluster.accessEntries.clear();
      cluster.awsAuth = { mapUsers: ADMINISTRATOR_LINE };
    },
    command: asAdministrator("create-access-entry", ...CLUSTER, "--principal-arn", LAB_ROLE),
    says: /authentication mode must be set to one of/,
    asking: "pastes",
    // The first fix opens aws-auth in an editor, for nobody here may read it.
    fix: { printed: /change the authentication mode/ },
    works: GET_PODS,
  },
  {
    row: "M2",
    name: "the role stands in an aws-auth that the cluster ignores",
    breakIt: ({ lab: { cluster } }) => {
      cluster.authenticationMode = "API";
      cluster.accessEntries.delete(LAB_ROLE);
      cluster.awsAuth = { mapRoles: roleLine(LAB_ROLE) };
    },
    says: UNAUTHORIZED,
    asking: "administrator",
  },
  {
    row: "M3",
    name: "the mode is to skip a step",
    breakIt: ({ lab: { cluster } }) => {
      cluster.authenticationMode = "CONFIG_MAP";
    },
    command: asAdministrator(
      "update-cluster-config",
      "--name",
      "lab",
      "--region",
      "us-east-1",
      "--access-config",
      "authenticationMode=API",
    ),
    says: /Unsupported authentication mode update from CONFIG_MAP to API/,
    asking: "pastes",
    works: GET_PODS,
  },
  {
    row: "M4",
    name: "nobody at all has an entry",
    breakIt: ({ lab: { cluster } }) => {
      cluster.authenticationMode = "API";
      cluster.bootstrapClusterCreatorAdminPermissions = false;
      cluster.accessEntries.clear();
    },
    says: UNAUTHORIZED,
  },
  {
    row: "M5",
    name: "the creator's entry was deleted, and nobody else has one",
    breakIt: ({ lab: { cluster } }) => {
      cluster.authenticationMode = "API";
      cluster.bootstrapClusterCreatorAdminPermissions = true;
      cluster.accessEntries.clear();
    },
    says: UNAUTHORIZED,
  },
];

/** Rows E: access entries. */
export const ENTRY_FAULTS: readonly LabFault[] = [
  {
    row: "E1",
    name: "the role has no access entry",
    breakIt: ({ lab: { cluster } }) => void cluster.accessEntries.delete(LAB_ROLE),
    says: UNAUTHORIZED,
    asking: "administrator",
  },
  {
    row: "E2",
    name: "an entry is to be made for a session",
    breakIt: ({ lab: { cluster } }) => void cluster.accessEntries.delete(LAB_ROLE),
    command: asAdministrator(
      "create-access-entry",
      ...CLUSTER,
      "--principal-arn",
      "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada",
    ),
    says: /The specified principalArn is invalid: invalid principal/,
    asking: "pastes",
    works: asAdministrator("describe-access-entry", ...CLUSTER, "--principal-arn", LAB_ROLE),
  },
  {
    row: "E3",
    name: "the role was deleted and made again",
    breakIt: ({ lab }) => {
      const role = developer(lab);
      role.uniqueId = "AROALABMADEAGAIN00000";
      role.createDate = new Date(lab.clock() - 3_600_000);
    },
    says: UNAUTHORIZED,
  },
  {
    row: "E15",
    name: "the cluster's authenticator does not answer",
    breakIt: ({ lab }) => authenticator(lab, { isDown: true }),
    says: UNAUTHORIZED,
    fix: {
      says: /Try again in a few minutes/,
      byHand: ({ lab }) => authenticator(lab, { isDown: false }),
    },
  },
  {
    row: "E4",
    name: "Identity Center has given the permission set a new role",
    context: CONTEXTS.grace,
    breakIt: ({ lab, env, kubeconfig }) => {
      const fields = { path: "/aws-reserved/sso.amazonaws.com/", allows: developer(lab).allows };
      const old = addRole(lab.world, { name: "AWSReservedSSO_Dev_0123456789abcdef", ...fields });
      const now = addRole(lab.world, { name: "AWSReservedSSO_Dev_fedcba9876543210", ...fields });
      addEntry(lab.cluster, old, { ...viewerOfOld() });
      lab.world.roles.delete(old.arn);
      Object.assign(env, openRoleSession(lab, now));
      editContext(kubeconfig, CONTEXTS.grace, ({ exec }) => {
        exec.env = null;
      });
    },
    says: UNAUTHORIZED,
  },
  {
    row: "E5",
    name: "the entry has neither a policy nor a group",
    breakIt: ({ lab: { cluster } }) => {
      const entry = cluster.accessEntries.get(LAB_ROLE);
      if (entry !== undefined) entry.policies = [];
    },
    says: FORBIDDEN,
  },
  {
    row: "E6",
    name: "the entry is of a type for nodes",
    breakIt: ({ lab: { cluster, world } }) => {
      const role = world.roles.get(LAB_ROLE);
      if (role !== undefined) addEntry(cluster, role, { type: "EC2_LINUX", ...LONG_AGO });
    },
    says: UNAUTHORIZED,
  },
  {
    row: "E7",
    name: "an entry is to be made that is there",
    breakIt: () => undefined,
    command: asAdministrator("create-access-entry", ...CLUSTER, "--principal-arn", LAB_ROLE),
    says: /The specified access entry resource is already in use/,
    asking: "pastes",
    fix: { printed: /Check the existing access entry/, fill: () => ({ PRINCIPAL_ARN: LAB_ROLE }) },
    works: GET_PODS,
  },
  {
    row: "E8",
    name: "an entry is to have the group system:masters",
    breakIt: ({ lab: { cluster } }) => void cluster.accessEntries.delete(LAB_ROLE),
    command: asAdministrator(
      "create-access-entry",
      ...CLUSTER,
      "--principal-arn",
      LAB_ROLE,
      "--kubernetes-groups",
      "system:masters",
    ),
    says: /system:masters is invalid, it cannot start with system:/,
    asking: "pastes",
    fix: { printed: /./, fill: () => ({ PRINCIPAL_ARN: LAB_ROLE }) },
    works: GET_PODS,
  },
  {
    row: "E11",
    name: "the entry takes away what aws-auth gives",
    breakIt: ({ lab: { cluster } }) => {
      const entry = cluster.accessEntries.get(LAB_ROLE);
      if (entry !== undefined) entry.policies = [];
      cluster.awsAuth = { mapRoles: roleLine(LAB_ROLE, "system:masters") };
    },
    says: FORBIDDEN,
  },
  {
    row: "E12",
    name: "the IAM user was moved to another path",
    context: CONTEXTS.grace,
    breakIt: ({ lab }) => {
      const user = lab.world.users.get(GRACE);
      if (user === undefined) return;
      lab.world.users.delete(GRACE);
      user.arn = GRACE.replace("people/", "engineers/");
      lab.world.users.set(user.arn, user);
    },
    says: UNAUTHORIZED,
  },
  {
    row: "E14",
    name: "the nodes of Auto Mode have an entry without its policy",
    breakIt: ({ lab: { cluster, world } }) => {
      addEntry(cluster, addRole(world, { name: "AutoNodeRole" }), { type: "EC2", ...LONG_AGO });
    },
    command: nodesReadyIf(
      "eks.amazonaws.com/compute-type=auto",
      `aws eks list-associated-access-policies ${CLUSTER.join(" ")} --principal-arn ${AUTO_NODE_ROLE} | grep -q AmazonEKSAutoNodePolicy`,
    ),
    says: /NotReady/,
    asking: "pastes",
  },
];

/** The administrator's own line, so that they stay in where aws-auth alone counts. */
export const ADMINISTRATOR_LINE =
  '- userarn: "arn:aws:iam::111122223333:user/lab-admin"\n  username: administrator\n  groups:\n    - system:masters\n';

/** A line of mapRoles. */
export function roleLine(arn: string, ...groups: string[]): string {
  const list = groups.map((group) => `    - ${group}\n`).join("");
  return `- rolearn: "${arn}"\n  username: "dev:{{SessionName}}"\n  groups:\n${list === "" ? "    []\n" : list}`;
}

/** The developer's entry is a day old, so that it must have taken effect. */
function authenticator({ clock, cluster, kube }: Lab, { isDown }: { readonly isDown: boolean }): void {
  const entry = cluster.accessEntries.get(LAB_ROLE);
  Object.assign(entry ?? {}, { createdAt: new Date(clock() - 86_400_000) });
  Object.assign(kube.get(cluster.arn)?.faults ?? {}, { authenticatorDown: isDown });
}
