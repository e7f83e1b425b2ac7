import { ROLE_ARN } from "../../support/bundle.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const associate = (policy: string) =>
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/${policy} --access-scope type=cluster`;
const refusedGroup = (group: string) =>
  refusedCall(
    `${CREATE} --kubernetes-groups ${group}`,
    cliError(
      "InvalidParameterException",
      "CreateAccessEntry",
      `The kubernetes group name ${group} is invalid, it cannot start with system:`,
    ),
  );

testRule("mapping/eks-access-entry-name-reserved", "E8", {
  certain: {
    "replaces system:masters with a policy, and keeps the other groups": {
      on: mappingFault("E8"),
      commands: [`${CREATE} --kubernetes-groups devs`, associate("AmazonEKSClusterAdminPolicy")],
    },
    "offers the least policy for another reserved group": {
      on: refusedGroup("system:readers"),
      commands: [CREATE, associate("AmazonEKSViewPolicy")],
    },
    "gives no policy to nodes, but their own type of entry": {
      on: refusedGroup("system:nodes"),
      commands: [`${CREATE} --type EC2_LINUX`],
    },
    "leaves a reserved username out": {
      on: refusedCall(
        `${CREATE} --username system:ada`,
        cliError(
          "InvalidParameterException",
          "CreateAccessEntry",
          "The username must not begin with system:",
        ),
      ),
      summary: "This username is not allowed in an access entry: EKS reserves names that begin with system:.",
      commands: CREATE,
    },
  },
  likely: {
    "recreates an entry for people that nodes use": {
      on: refusedCall(
        `${CREATE.replace("create", "update")} --kubernetes-groups system:bootstrappers`,
        cliError(
          "InvalidParameterException",
          "UpdateAccessEntry",
          "The kubernetes group name system:bootstrappers is invalid, it cannot start with system:",
        ),
      ),
      cause: "E6",
      commands: [`${CREATE.replace("create", "delete")}`, `${CREATE} --type EC2_LINUX`],
    },
  },
});
