import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { entry, without } from "../../support/bundle.ts";
import {
  mappingFault,
  mode,
  NEW_SSO,
  OLD_SSO,
  policies,
  SSO_CALLER,
  SSO_PATH,
} from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E4");
const oldArn = `${SSO_PATH}/${OLD_SSO}`;
const place = (name: string) => `--cluster-name lab --region eu-west-1 --principal-arn ${SSO_PATH}/${name}`;
const EDIT = {
  policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
  accessScope: { type: "namespace", namespaces: ["web", "api"] },
};

const ssoRole = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** aws-auth has a line for the old role; a caller of the new one is refused. */
function inAwsAuth(authenticationMode: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unmapped(
    { mapRoles: NODE_LINE + line(ssoRole(OLD_SSO)) },
    { ...SSO_CALLER, ...mode(authenticationMode), ...changes },
  );
}

testRule("mapping/eks-permission-set-renewed", "E4", {
  certain: {
    "writes the new role into the line of the old one": {
      on: inAwsAuth("CONFIG_MAP"),
      summary: `Permission set Developers has a new role, ${NEW_SSO}, but aws-auth maps only the old one.`,
      explains: ["E1", "A1", "M1"],
      commands: patchCommands({
        mapRoles: `${NODE_LINE}- rolearn: ${ssoRole(NEW_SSO)}\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
      }),
    },
    "creates an entry for the new role under the old one's path, then deletes the old": {
      on: FAULT,
      commands: [
        `aws eks create-access-entry ${place(NEW_SSO)}`,
        `aws eks associate-access-policy ${place(NEW_SSO)} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web`,
        `aws eks delete-access-entry ${place(OLD_SSO)}`,
      ],
    },
    "carries the old one's groups and policies over": {
      on: {
        ...FAULT,
        ...entry({ principalArn: oldArn, kubernetesGroups: ["devs"] }),
        ...policies([EDIT], oldArn),
      },
      commands: [
        `aws eks create-access-entry ${place(NEW_SSO)} --kubernetes-groups devs`,
        `aws eks associate-access-policy ${place(NEW_SSO)} --policy-arn ${EDIT.policyArn} --access-scope type=namespace,namespaces=web,api`,
        `aws eks delete-access-entry ${place(OLD_SSO)}`,
      ],
    },
  },
  likely: {
    "is less sure when aws-auth cannot be read": without(FAULT, "awsAuth"),
  },
  passed: {
    "the new role has an entry too": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn, `${SSO_PATH}/${NEW_SSO}`] },
    },
    "the set's role is another account's": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn.replace(/\d{12}/, "999988887777")] },
    },
  },
  notApplicable: {
    "the line is for another set": inAwsAuth("CONFIG_MAP", {
      awsAuth: { data: { mapRoles: NODE_LINE + line(ssoRole(OLD_SSO.replace("Developers", "Admins"))) } },
    }),
    "no entry resembles it (E1)": mappingFault("E1"),
  },
});
