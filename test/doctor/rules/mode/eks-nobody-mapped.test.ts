import { ACCOUNT, ROLE_ARN, without } from "../../support/bundle.ts";
import { awsAuthWith, mappingFault, NODE_ARN } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("M4");
const COMMANDS = [
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
];
const both = cluster({
  accessConfig: { authenticationMode: "API_AND_CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: false },
});

testRule("mode/eks-nobody-mapped", "M4", {
  certain: {
    "names a cluster that was created without an administrator (M4)": { on: FAULT, commands: COMMANDS },
    "takes neither nodes nor AWS's own roles for people": {
      ...FAULT,
      accessEntries: {
        accessEntries: [
          NODE_ARN,
          `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
        ],
      },
      accessEntryDetails: [{ accessEntry: { principalArn: NODE_ARN, type: "EC2_LINUX" } }],
    },
  },
  likely: {
    "names a creator whose entry is gone (M5), never certain": {
      on: mappingFault("M5"),
      cause: "M5",
      commands: COMMANDS,
    },
    "is less sure when the cluster reads aws-auth and the doctor cannot": {
      ...FAULT,
      ...both,
      awsAuth: { failed: "Unauthorized" },
    },
    "is less sure when it is not known who asks": {
      on: without(FAULT, "callerIdentity"),
      commands: COMMANDS.map((command) => command.replace(ROLE_ARN, "PRINCIPAL_ARN")),
    },
  },
  passed: {
    "aws-auth lets in somebody": {
      ...FAULT,
      ...both,
      ...awsAuthWith(`arn:aws:iam::${ACCOUNT}:role/Ops`, ["system:masters"]),
    },
  },
  notApplicable: {
    "how the cluster was made is not known": mappingFault("E1"),
  },
  unknown: {
    "an entry of unknown type may be a person's (E1)": {
      on: { ...FAULT, accessEntries: { accessEntries: [ROLE_ARN.replace("Dev", "Builder")] } },
      missing: "accessEntryDetails",
    },
    "the entries are not known": {
      on: { ...FAULT, accessEntries: { failed: "denied" } },
      missing: ["accessEntries", "accessEntryDetails"],
    },
  },
});
