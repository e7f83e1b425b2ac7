import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { mappingFault } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const readings = (...made: (string | number)[]) => ({
  accessEntryDetails: made.map((createdAt) => ({ accessEntry: { principalArn: ROLE_ARN, createdAt } })),
});

testRule("mapping/eks-access-entry-flapping", "E13", {
  certain: {
    "looks for who recreates the entry": {
      on: mappingFault("E13"),
      commands: [
        "aws cloudtrail lookup-events --region eu-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=CreateAccessEntry",
        `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
      ],
    },
  },
  passed: {
    "there is one reading (E3)": mappingFault("E3"),
  },
  notApplicable: {
    "it works now": healthyBundle(readings(1768478360, 1768478390)),
  },
});
