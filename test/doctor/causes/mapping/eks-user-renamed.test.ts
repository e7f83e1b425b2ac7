import { ACCOUNT, unauthorized } from "../../support/bundle.ts";
import {
  mappingFault,
  mode,
  NO_ENTRY,
  policies,
  USER_ARN,
  USER_CALLER,
} from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E12");
const OLD_ARN = `arn:aws:iam::${ACCOUNT}:user/ada`;
const listed = (arn: string) =>
  unauthorized({ ...USER_CALLER, ...NO_ENTRY, accessEntries: { accessEntries: [arn] } });
const PLACE = "--cluster-name lab --region eu-west-1 --principal-arn";

testRule("mapping/eks-user-renamed", "E12", {
  likely: {
    "recreates the entry for a user who moved to another path": {
      on: {
        ...FAULT,
        accessEntryDetails: [
          { accessEntry: { principalArn: OLD_ARN, kubernetesGroups: ["devs"], username: OLD_ARN } },
        ],
        ...policies([], OLD_ARN),
      },
      commands: [
        `aws eks delete-access-entry ${PLACE} ${OLD_ARN}`,
        `aws eks create-access-entry ${PLACE} ${USER_ARN} --kubernetes-groups devs`,
      ],
    },
  },
  possible: {
    "the names are similar": { on: listed(`arn:aws:iam::${ACCOUNT}:user/ada.lovelace`), inferred: true },
  },
  passed: {
    "the user has an entry": listed(USER_ARN),
    "the names have nothing in common (E1)": listed(`arn:aws:iam::${ACCOUNT}:user/grace`),
    "it is another account's user": listed("arn:aws:iam::999988887777:user/ada.lovelace"),
  },
  notApplicable: {
    "the caller is a role": mappingFault("E1"),
    "the cluster does not read entries": { ...FAULT, ...mode("CONFIG_MAP") },
  },
});
