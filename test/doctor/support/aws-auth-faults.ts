import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, unauthorized, without } from "./bundle.ts";
import { forbidden, mode, NO_ENTRY, NODE_ARN, USER_CALLER } from "./mapping-faults.ts";

/** The line of the healthy ConfigMap: the role of the nodes. */
export const NODE_LINE = `- rolearn: ${NODE_ARN}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:bootstrappers\n    - system:nodes\n`;

/** `Dev:ada-example.com`, the name that `Dev:{{SessionName}}` becomes. */
export const DEV_USER = "Dev:ada-example.com";

/** An entry of `mapRoles` or `mapUsers`, as people write it. */
export function line(arn: string, groups = "[developers]", username = '"Dev:{{SessionName}}"'): string {
  const key = arn.includes(":user/") || arn.includes(":group/") ? "userarn" : "rolearn";
  return `- ${key}: ${arn}\n  username: ${username}\n  groups: ${groups}\n`;
}

/** Metadata of an aws-auth that was read from the cluster, or pasted whole. */
export const READ = { resourceVersion: "4711" } as const;

/** ConfigMap aws-auth with these sections. */
export function awsAuth(data: Readonly<Record<string, string>>): Pick<DoctorEvidence, "awsAuth"> {
  return { awsAuth: { data: { mapRoles: NODE_LINE, ...data }, metadata: READ } };
}

/** 401 where only aws-auth could let the caller in: the mode has it, and there is no entry. */
export function unmapped(
  data: Readonly<Record<string, string>>,
  changes: Partial<DoctorEvidence> = {},
): DoctorEvidence {
  return unauthorized({ ...NO_ENTRY, ...awsAuth(data), ...changes });
}

/** 403 of somebody whom aws-auth lets in. */
export function refused(
  user: string,
  data: Readonly<Record<string, string>>,
  changes: Partial<DoctorEvidence> = {},
): DoctorEvidence {
  return forbidden({ ...NO_ENTRY, ...awsAuth(data), ...changes }, user);
}

/** What `patchAwsAuth` has to print for these sections: keep, try, write. */
export function patchCommands(data: Readonly<Record<string, string | null>>): readonly string[] {
  const patch = `kubectl patch configmap aws-auth -n kube-system --type=merge --patch '${JSON.stringify({ metadata: READ, data })}'`;
  return [
    "kubectl get configmap aws-auth -n kube-system -o yaml > aws-auth-before.yaml",
    `${patch} --dry-run=server -o yaml`,
    patch,
  ];
}

/** What each rule says that reads the caller's line, when less is known of this fault, or nothing depends on the line. */
export function lineCases(fault: DoctorEvidence) {
  return {
    likely: {
      "the mode or the entries are not known": [
        without(fault, "cluster"),
        { ...fault, accessEntries: { failed: "denied" } },
      ],
    },
    notApplicable: { "the mode ignores aws-auth": { ...fault, ...mode("API") } },
    unknown: { "aws-auth is not known": { on: without(fault, "awsAuth"), missing: "awsAuth" } },
  } as const;
}

/** What writes the caller's own line behind that of the nodes. */
export const CALLER_COMMANDS = patchCommands({
  mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
});

/** What opens the ConfigMap in an editor. */
export const EDIT_COMMANDS: readonly string[] = [
  "kubectl get configmap aws-auth -n kube-system -o yaml > aws-auth-before.yaml",
  "kubectl edit configmap aws-auth -n kube-system",
];

/** What makes an access entry with the View policy where it was tried; in CONFIG_MAP the mode goes on first. */
export function entryCommands(mode?: "CONFIG_MAP", arn = ROLE_ARN): readonly string[] {
  const here = "--cluster-name lab --region eu-west-1";
  return [
    ...(mode === undefined
      ? []
      : [
          "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
          "aws eks wait cluster-active --name lab --region eu-west-1",
        ]),
    `aws eks create-access-entry ${here} --principal-arn ${arn}`,
    `aws eks associate-access-policy ${here} --principal-arn ${arn} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web`,
  ];
}

/** Groups as the API server shows them to the caller. */
export function groupsOf(
  user: string,
  ...groups: readonly string[]
): Pick<DoctorEvidence, "selfSubjectReview"> {
  return {
    selfSubjectReview: {
      status: { userInfo: { username: user, groups: [...groups, "system:authenticated"] } },
    },
  };
}

/** What a node says that aws-auth does not let in. */
const KUBELET = {
  command: "journalctl -u kubelet",
  exitCode: 1,
  stderr:
    '"Unable to register node with API server" err="Unauthorized" node="ip-10-0-1-7.eu-west-1.compute.internal"',
};

/** One fault of aws-auth each, by its row. */
export const AWS_AUTH_FAULTS = {
  A1: unmapped({}, mode("CONFIG_MAP")),
  A2: unmapped({ mapRoles: NODE_LINE + line(`arn:aws:iam::${ACCOUNT}:role/team/Dev`) }),
  A3: unmapped({ mapRoles: NODE_LINE + line(`arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`) }),
  A4: unmapped({ mapRoles: `${NODE_LINE}${line(ROLE_ARN)}   groups: [\n` }),
  A5: unmapped({ maproles: line(ROLE_ARN) }),
  A6: refused(
    DEV_USER,
    {
      mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups:\n    - developers\n     - deployers\n`,
    },
    groupsOf(DEV_USER, "developers - deployers"),
  ),
  A7: unmapped({
    mapRoles: `${NODE_LINE}- role_arn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [developers]\n`,
  }),
  A8: refused(
    DEV_USER,
    {
      mapRoles:
        NODE_LINE + line(ROLE_ARN, "[system:masters]") + line(ROLE_ARN.replace("Dev", "dev"), "[viewers]"),
    },
    groupsOf(DEV_USER, "viewers"),
  ),
  A9: unmapped({ mapRoles: NODE_LINE + line(`arn:aws:iam::${ACCOUNT}:instance-profile/Dev`) }),
  A10: healthyBundle({
    ...mode("CONFIG_MAP"),
    ...NO_ENTRY,
    ...awsAuth({ mapRoles: line(ROLE_ARN, "[system:masters]") }),
    question: KUBELET,
    apiServer: { failed: "nobody asked" },
    selfSubjectReview: { failed: "nobody asked" },
    accessReviews: { failed: "nobody asked" },
  }),
  A11: refused(ROLE_ARN, { mapAccounts: `- "${ACCOUNT}"\n` }),
  A12: unmapped({ mapRoles: line(ROLE_ARN, "[system:nodes]", "system:node:{{EC2PrivateDNSName}}") }),
  A13: unmapped({ mapUsers: line(`arn:aws:iam::${ACCOUNT}:user/ada`, "[developers]", "ada") }, USER_CALLER),
  A14: refused(
    DEV_USER,
    { mapRoles: NODE_LINE + line(ROLE_ARN, "[viewers]") },
    { ...mode("CONFIG_MAP"), ...groupsOf(DEV_USER, "viewers") },
  ),
  A15: unmapped({ mapRoles: NODE_LINE + line(`<${ROLE_ARN}>`, "[<developers>]") }),
  A16: unmapped({ mapRoles: NODE_LINE + line(`arn:aws:iam:eu-west-1:${ACCOUNT}:role/Dev`) }),
  A17: healthyBundle({
    ...mode("CONFIG_MAP"),
    ...NO_ENTRY,
    ...awsAuth({
      mapRoles:
        line(NODE_ARN, "[system:bootstrappers, system:nodes]", "node:{{SessionName}}") +
        line(ROLE_ARN, "[system:masters]"),
    }),
    question: KUBELET,
    apiServer: { failed: "nobody asked" },
    selfSubjectReview: { failed: "nobody asked" },
    accessReviews: { failed: "nobody asked" },
  }),
} satisfies Readonly<Record<string, DoctorEvidence>>;
