import { ENTRY_USERNAME, entry, healthyBundle, ROLE_ARN, unauthorized } from "../../support/bundle.ts";
import {
  awsAuthWith,
  forbidden,
  mappingFault,
  mode,
  NEVER_TRIED,
  policies,
} from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E11");
const ADMIN = awsAuthWith(ROLE_ARN, ["system:masters"]);
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

testRule("mapping/eks-access-entry-overrides-aws-auth", "E11", {
  certain: {
    "gives the entry what aws-auth meant, or deletes it": {
      on: FAULT,
      commands: [
        `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
        `aws eks delete-access-entry ${place}`,
      ],
    },
    "finds an entry that takes all rights away when nobody has tried": healthyBundle({
      ...ADMIN,
      ...policies([]),
      ...NEVER_TRIED,
    }),
  },
  likely: {
    "adds ordinary groups to those the entry has": {
      on: forbidden({ ...awsAuthWith(ROLE_ARN, ["devs", "ops"]), ...entry({ kubernetesGroups: ["ops"] }) }),
      commands: [
        `aws eks update-access-entry ${place} --kubernetes-groups ops devs --username '${ENTRY_USERNAME}'`,
        `aws eks delete-access-entry ${place}`,
      ],
    },
  },
  passed: {
    "the entry has all the groups too": forbidden({
      ...awsAuthWith(ROLE_ARN, ["devs"]),
      ...entry({ kubernetesGroups: ["devs"] }),
    }),
  },
  notApplicable: {
    "both are there, and nobody has tried": healthyBundle({ ...ADMIN, ...NEVER_TRIED }),
    "the refusal names aws-auth's user": forbidden(ADMIN, "dev:ada-example.com"),
    "the cluster does not read aws-auth": { ...FAULT, ...mode("API") },
    "aws-auth does not map the caller (E5)": mappingFault("E5"),
    "the API server answers 401": unauthorized({ ...ADMIN, ...policies([]) }),
  },
});
