import { LAB_ROLE } from "../lab.ts";
import type { Cluster } from "../model.ts";
import { CONTEXTS, FORBIDDEN, type LabFault, UNAUTHORIZED } from "./lab-fault.ts";
import { GRACE } from "./lab-people.ts";
import { ADMINISTRATOR_LINE, roleLine } from "./mapping-faults.ts";

const GROUP = "developers";
const GOOD = roleLine(LAB_ROLE, GROUP);
const ROLE_OF_A_PATH = LAB_ROLE.replace("role/", "role/team/");

/** Rows A: aws-auth alone lets people in, and the administrator is in it. */
export const AWS_AUTH_FAULTS: readonly LabFault[] = [
  fault("A1", "nobody wrote the role into aws-auth", {
    mapRoles: roleLine(LAB_ROLE.replace("Developer", "Operator"), GROUP),
  }),
  fault("A2", "the role stands there with its path", { mapRoles: roleLine(ROLE_OF_A_PATH, GROUP) }),
  fault("A3", "a session stands there, not the role", {
    mapRoles: roleLine("arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada@example.com", GROUP),
  }),
  {
    ...fault("A4", "the section mapRoles is no YAML", { mapRoles: `${GOOD}  broken: [\n` }),
    fix: {
      says: /kubectl edit configmap aws-auth -n kube-system/,
      byHand: ({ lab: { cluster } }) => {
        cluster.awsAuth = { ...cluster.awsAuth, mapRoles: GOOD };
      },
    },
  },
  fault("A5", "the section is called maproles", { maproles: GOOD }),
  fault(
    "A6",
    "an indent too many glues two groups into one",
    {
      mapRoles: `- rolearn: "${LAB_ROLE}"\n  username: "dev:{{SessionName}}"\n  groups:\n    - ${GROUP}\n      - others\n`,
    },
    FORBIDDEN,
  ),
  fault("A7", "the key is called role_arn", { mapRoles: GOOD.replace("rolearn", "role_arn") }),
  fault(
    "A8",
    "a second line for the role takes the groups away",
    {
      mapRoles: GOOD + roleLine(LAB_ROLE, "visitors"),
    },
    FORBIDDEN,
  ),
  fault("A9", "the instance profile stands there, not the role", {
    mapRoles: roleLine(LAB_ROLE.replace("role/", "instance-profile/"), GROUP),
  }),
  fault("A11", "only the account is let in", { mapAccounts: '- "111122223333"\n' }, FORBIDDEN),
  fault("A12", "the username is a template for nodes", {
    mapRoles: GOOD.replace("dev:{{SessionName}}", "system:node:{{EC2PrivateDNSName}}"),
  }),
  {
    ...fault("A13", "the IAM user stands there without its path", {
      mapUsers: `${ADMINISTRATOR_LINE}- userarn: "${GRACE.replace("people/", "")}"\n  username: grace\n  groups:\n    - ${GROUP}\n`,
    }),
    context: CONTEXTS.grace,
  },
  fault("A15", "the brackets of the documentation stand in the ARN", {
    mapRoles: GOOD.replace(`"${LAB_ROLE}"`, `"<${LAB_ROLE}>"`),
  }),
  fault("A16", "a region stands in the ARN", { mapRoles: GOOD.replace("iam::", "iam:us-east-1:") }),
];

function fault(row: string, name: string, data: Record<string, string>, says = UNAUTHORIZED): LabFault {
  return {
    row,
    name,
    breakIt: ({ lab }) => mapByConfigMap(lab.cluster, data),
    says,
    asking: "administrator",
    fix: { printed: /the second is a dry run/ },
  };
}

/** The mode of old clusters, with a group that may look at pods. */
function mapByConfigMap(cluster: Cluster, data: Readonly<Record<string, string>>): void {
  cluster.authenticationMode = "CONFIG_MAP";
  cluster.accessEntries.clear();
  cluster.awsAuth = { mapUsers: ADMINISTRATOR_LINE, ...data };
  cluster.bindings.push({
    name: "developers-view",
    namespace: "default",
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "Group", name: GROUP }],
  });
}
