import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { awsAuthWith, forbidden, mappingFault, mode, NO_ENTRY } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("M2");
const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const listed = awsAuthWith(ROLE_ARN, ["developers"]);

testRule("mode/eks-mode-ignores-aws-auth", "M2", {
  certain: {
    "creates an entry with the groups that aws-auth gives": {
      on: FAULT,
      commands: `${CREATE} --kubernetes-groups developers`,
    },
    "replaces system:masters with the policy of the same rights": {
      on: { ...FAULT, ...awsAuthWith(ROLE_ARN, ["system:masters"]) },
      commands: [
        CREATE,
        `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
      ],
    },
  },
  likely: {
    "the entries or the mode are not known": [
      { ...FAULT, accessEntries: { failed: "denied" } },
      without(FAULT, "cluster"),
    ],
  },
  passed: {
    "the cluster reads aws-auth": { ...FAULT, ...mode("API_AND_CONFIG_MAP") },
  },
  notApplicable: {
    "there is an entry, and aws-auth is left over": healthyBundle({ ...mode("API"), ...listed }),
    "aws-auth does not map the caller (E1)": {
      ...FAULT,
      ...awsAuthWith(ROLE_ARN.replace("Dev", "Ops"), []),
    },
    "the identity was accepted": forbidden({ ...mode("API"), ...NO_ENTRY, ...listed }),
  },
});
