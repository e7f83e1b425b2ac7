import { ACCOUNT, ROLE_ARN } from "../../support/bundle.ts";
import { mappingFault, NO_ENTRY, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E7");
const PLACE = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const OPS = `arn:aws:iam::${ACCOUNT}:role/Ops`;

const FIRST_PAGE = { accessEntries: [OPS], nextToken: "eyJ0IjoxfQ" };

testRule("mapping/eks-access-entry-exists", "E7", {
  certain: {
    "the first page of the list does not have it": {
      on: { ...FAULT, accessEntries: FIRST_PAGE },
      evidence: [/already in use/],
    },
    "looks at the entry that is there": {
      on: FAULT,
      commands: [
        `aws eks describe-access-entry ${PLACE}`,
        `terraform import aws_eks_access_entry.NAME lab:${ROLE_ARN}`,
        `aws eks delete-access-entry ${PLACE}`,
      ],
    },
  },
  likely: {
    "knows the resource by Terraform's own words": {
      on: refusedCall(
        "terraform apply",
        `│ Error: creating EKS Access Entry (lab:${OPS}): operation error EKS: CreateAccessEntry, ResourceInUseException: The specified access entry resource is already in use on this cluster.\n│\n│   with module.eks.aws_eks_access_entry.this["ops"],\n│   on main.tf line 1\n`,
        { client: { name: "terraform" }, accessEntries: { failed: "denied" } },
      ),
      commands: [
        `terraform import 'module.eks.aws_eks_access_entry.this["ops"]' lab:${OPS}`,
        `aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${OPS}`,
        `aws eks delete-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${OPS}`,
      ],
    },
    "is less sure when the list does not have it any more": { ...FAULT, ...NO_ENTRY },
  },
  notApplicable: {
    "something else is in use": refusedCall(
      "aws eks create-cluster --name lab",
      "An error occurred (ResourceInUseException) when calling the CreateCluster operation: Cluster already exists with name: lab",
    ),
  },
});
