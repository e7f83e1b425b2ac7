import { without } from "../../support/bundle.ts";
import { entry, mappingFault, NEW_SSO, OLD_SSO, policies, SSO_PATH } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E4");
const oldArn = `${SSO_PATH}/${OLD_SSO}`;
const place = (name: string) => `--cluster-name lab --region eu-west-1 --principal-arn ${SSO_PATH}/${name}`;
const EDIT = {
  policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
  accessScope: { type: "namespace", namespaces: ["web", "api"] },
};

testRule("mapping/eks-permission-set-renewed", "E4", {
  certain: {
    "creates an entry for the new role under the old one's path, then deletes the old": {
      on: FAULT,
      commands: [
        `aws eks create-access-entry ${place(NEW_SSO)}`,
        `aws eks associate-access-policy ${place(NEW_SSO)} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
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
    "it is another set": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn.replace("Developers", "Admins")] },
    },
  },
  notApplicable: {
    "no entry resembles it (E1)": mappingFault("E1"),
  },
});
