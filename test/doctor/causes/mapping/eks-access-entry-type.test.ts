import { ACCOUNT, entry, ROLE_ARN, unauthorized } from "../../support/bundle.ts";
import { forbidden, mappingFault } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E6");
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const HYBRID = entry({ type: "HYBRID_LINUX", username: "system:node:{{SessionName}}" });
const ADMIN = {
  UserId: "AROAEXAMPLEEXAMPLE456:eve@example.com",
  Account: ACCOUNT,
  Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/eve@example.com`,
};

testRule("mapping/eks-access-entry-type", "E6", {
  certain: {
    "replaces an entry for nodes by one for people": {
      on: FAULT,
      commands: [
        `aws eks delete-access-entry ${place}`,
        `aws eks create-access-entry ${place} --type STANDARD`,
        `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web`,
      ],
    },
    "knows a person whom the cluster takes for a node": forbidden(HYBRID, "system:node:ada-example.com"),
  },
  passed: {
    "the entry is STANDARD": unauthorized(),
  },
  notApplicable: {
    ...Object.fromEntries(
      ["EC2", "EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX", "FARGATE_LINUX"].map((type) => [
        `an administrator asks about a role of nodes, ${type}`,
        { ...FAULT, ...entry({ type }), callerIdentity: ADMIN, question: { principal: ROLE_ARN } },
      ]),
    ),
    "a managed instance calls": {
      ...FAULT,
      callerIdentity: {
        UserId: "AROAEXAMPLEEXAMPLE123:mi-0123456789abcdef0",
        Account: ACCOUNT,
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/mi-0123456789abcdef0`,
      },
    },
    "the refusal names another user": forbidden(HYBRID, "dev:ada"),
  },
  unknown: {
    "the type is not known": { on: unauthorized({ accessEntryDetails: [] }), missing: "accessEntryDetails" },
  },
});
