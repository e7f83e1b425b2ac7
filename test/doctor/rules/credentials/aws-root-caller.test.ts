import { unauthorized, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const ROOT = { UserId: "111122223333", Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" };

testRule("credentials/aws-root-caller", "L16", {
  certain: {
    "nobody maps root": {
      on: unauthorized({ callerIdentity: ROOT }),
      commands: [
        "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ROLE",
        "aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/ROLE --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster",
      ],
    },
  },
  likely: {
    "while the mapping is unknown": without(
      unauthorized({ callerIdentity: ROOT }),
      "accessEntries",
      "accessEntryDetails",
      "awsAuth",
    ),
  },
  passed: {
    "aws-auth maps root": unauthorized({
      callerIdentity: ROOT,
      awsAuth: {
        data: { mapUsers: `- userarn: ${ROOT.Arn}\n  username: root\n  groups: [system:masters]\n` },
      },
    }),
  },
});
