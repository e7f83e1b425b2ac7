import { ACCOUNT, ROLE_ARN, USERNAME } from "../../support/bundle.ts";
import { mappingFault, NO_ENTRY, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("P12");
const IAM = `aws iam put-role-policy --role-name Dev --policy-name eks-console --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["eks:AccessKubernetesApi","eks:DescribeCluster"],"Resource":"arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab"}]}'`;
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const KUBERNETES = [
  `aws eks create-access-entry ${place}`,
  `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
];

testRule("authorization/policy-console-access-denied", "P12", {
  certain: {
    "gives the Kubernetes half to somebody whom nothing maps": {
      on: { ...FAULT, ...NO_ENTRY, selfSubjectReview: { failed: "-" } },
      commands: KUBERNETES,
    },
    "believes IAM's own denial": {
      on: refusedCall(
        "the EKS console",
        "AccessDeniedException: User: x is not authorized to perform: eks:AccessKubernetesApi on resource: y",
      ),
      commands: IAM,
    },
  },
  likely: {
    "gives both when it is open which is missing": {
      on: { ...FAULT, accessEntries: { failed: "-" }, accessEntryDetails: { failed: "-" } },
      commands: [IAM, ...KUBERNETES],
    },
    "makes no second entry for somebody whom IAM names and the list has": {
      on: {
        ...FAULT,
        callerIdentity: { failed: "-" },
        selfSubjectReview: { status: { userInfo: { username: USERNAME } } },
      },
      commands: [IAM, ...KUBERNETES.slice(1)],
    },
  },
  notApplicable: {
    "another call is refused (P11)": mappingFault("P11"),
  },
});
