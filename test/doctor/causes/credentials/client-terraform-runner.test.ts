import { ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { mode } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T7 = CLIENT_FAULTS.T7;
const MODE_COMMANDS = [
  "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
  "aws eks wait cluster-active --name lab --region eu-west-1",
];
const PLACE = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

testRule("credentials/client-terraform-runner", "T7", {
  certain: {
    "nobody lets the runner in, and explains that no entry names it": {
      on: T7,
      explains: ["E1", "A1", "M5"],
      commands: [
        `aws eks create-access-entry ${PLACE}`,
        `aws eks associate-access-policy ${PLACE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
      ],
    },
    "writes a line where a cluster reads aws-auth only, or opens it to entries": {
      on: { ...T7, ...mode("CONFIG_MAP"), awsAuth: null },
      description: /^Map the caller in aws-auth, in group system:masters\./,
      commands: [
        "kubectl apply -f aws-auth.yaml",
        ...MODE_COMMANDS,
        `aws eks create-access-entry ${PLACE}`,
        `aws eks associate-access-policy ${PLACE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
      ],
    },
  },
  possible: {
    "while it is not known whom the cluster lets in": without(T7, "accessEntries"),
    "an entry nearly fits": {
      on: { ...T7, accessEntries: { accessEntries: ["arn:aws:iam::444455556666:role/Dev"] } },
      inferred: true,
    },
  },
  passed: {
    "the cluster lets the runner in": unauthorized({
      client: { name: "terraform" },
      question: T7.question ?? {},
    }),
  },
  unknown: {
    "aws-auth is not written": {
      on: { ...T7, question: { stderr: "│ Error: Unauthorized\n│   with kubernetes_namespace.web," } },
      missing: "client",
    },
  },
});
